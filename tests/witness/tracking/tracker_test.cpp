// SPDX-License-Identifier: Apache-2.0
#include "witness/tracking/tracker.hpp"

#include <gtest/gtest.h>

#include "witness/events.hpp"

namespace connfate::witness {
namespace {

using namespace events;

class TrackerTest : public testing::Test {
 protected:
  Tracker tracker(TrackerOptions options = {}) {
    return Tracker(options, [this](const FinalLine& line) { lines_.push_back(line); });
  }

  /// Answers every look-up that is due with `found`.
  static void tick(Tracker& tracker, Instant now, const SocketRecord* found = nullptr) {
    for (const Lookup& lookup : tracker.on_tick(now)) tracker.on_lookup(lookup, found, now);
  }

  const FinalLine& only_line() {
    EXPECT_EQ(lines_.size(), 1U);
    if (lines_.empty()) throw std::runtime_error("no line");
    return lines_.front();
  }

  std::vector<FinalLine> lines_;
};

TEST_F(TrackerTest, says_nothing_of_a_pending_response_that_is_acknowledged_when_looked_up) {
  Tracker t = tracker();
  t.on_report(report(), at(0));
  const SocketRecord found = live(1, 1000, 1000);
  tick(t, at(1999), &found);
  EXPECT_EQ(t.waiting(), 1U);
  tick(t, at(2000), &found);
  EXPECT_EQ(t.waiting(), 0U);
  EXPECT_EQ(lines_.size(), 0U);
}

TEST_F(TrackerTest, logs_delivered_responses_too_when_asked_to) {
  Tracker t = tracker({.log_all = true});
  t.on_report(report(), at(0));
  const SocketRecord found = live(1, 1000, 1000);
  tick(t, at(2000), &found);
  const FinalLine& line = only_line();
  EXPECT_EQ(line.first, Fate::kPending);
  EXPECT_EQ(line.fate, Fate::kDelivered);
  EXPECT_EQ(line.confidence, Confidence::kProven);
  EXPECT_TRUE(line.final);
  EXPECT_EQ(line.uri, "/index.html");
}

TEST_F(TrackerTest, a_later_report_of_the_connection_settles_earlier_ones) {
  Tracker t = tracker({.log_all = true});
  t.on_report(report(), at(0));
  t.on_report(report({.start = 1000, .end = 3000, .acked = 1000}), at(100));
  EXPECT_EQ(only_line().end, Bytes{1000});
  EXPECT_EQ(t.waiting(), 1U);
}

TEST_F(TrackerTest, the_end_of_the_socket_decides) {
  Tracker t = tracker({.log_all = true});
  t.on_report(report(), at(0));
  t.on_socket_end(closed(1, 1000), at(50));
  tick(t, at(2049));
  EXPECT_TRUE(lines_.empty());
  tick(t, at(2050));
  EXPECT_EQ(only_line().fate, Fate::kDelivered);
}

TEST_F(TrackerTest, the_end_may_come_before_the_report) {
  Tracker t = tracker();
  t.watch_port(443);
  t.on_socket_end(reset(1, 400, 1000), at(0));
  t.on_report(report(), at(10));
  tick(t, at(2010));
  const FinalLine& line = only_line();
  EXPECT_EQ(line.about, FinalLine::About::kResponse);
  EXPECT_EQ(line.fate, Fate::kRstReceived);
  EXPECT_EQ(line.rule, "final-rst-inferred");
  EXPECT_EQ(line.by, By::kPeer);
  EXPECT_EQ(line.acked, Bytes{400});
  EXPECT_EQ(line.unacked, Bytes{600});
}

/// The end was not heard of; the kernel would answer look-ups like this for a minute.
TEST_F(TrackerTest, what_is_found_in_time_wait_has_ended) {
  Tracker t = tracker({.log_all = true});
  t.on_report(report(), at(0));
  const SocketRecord found = in_time_wait(1);
  tick(t, at(2000), &found);
  tick(t, at(4000), &found);
  const FinalLine& line = only_line();
  EXPECT_EQ(line.fate, Fate::kDelivered);
  EXPECT_TRUE(line.final);
  EXPECT_EQ(line.acked, Bytes{1000});
  EXPECT_NE(line.close, Close::kOpen);
  EXPECT_EQ(t.waiting(), 0U);
}

TEST_F(TrackerTest, a_timeout_without_packets_is_the_peers_silence) {
  Tracker t = tracker();
  t.on_report(report(), at(0));
  t.on_socket_end(timed_out(1, 0, 1000), at(20000));
  tick(t, at(22000));
  const FinalLine& line = only_line();
  EXPECT_EQ(line.fate, Fate::kAckTimeout);
  EXPECT_EQ(line.by, By::kPeer);
  EXPECT_EQ(line.close, Close::kTimeout);
  EXPECT_EQ(line.capture, CaptureHealth::kOff);
  EXPECT_FALSE(line.rst_from);
}

TEST_F(TrackerTest, trouble_is_said_once_while_it_happens) {
  Tracker t = tracker();
  t.on_report(report(), at(0));
  SocketRecord stuck = live(1, 0, 1000);
  stuck.snapshot->retransmits = 3;
  tick(t, at(2000), &stuck);
  tick(t, at(6000), &stuck);
  const FinalLine& line = only_line();
  EXPECT_FALSE(line.final);
  EXPECT_EQ(line.reason, "in_progress");
  EXPECT_EQ(line.fate, Fate::kPending);
  EXPECT_EQ(t.waiting(), 1U);
}

TEST_F(TrackerTest, what_was_decided_at_log_time_stands) {
  Tracker t = tracker();
  t.on_report(report({.fate = Fate::kServerAbort}), at(0));
  t.on_socket_end(closed(1, 1000), at(10));
  tick(t, at(2010));
  const FinalLine& line = only_line();
  EXPECT_EQ(line.fate, Fate::kServerAbort);
  EXPECT_EQ(line.by, By::kServer);
  EXPECT_EQ(line.rule, rules()[0].id) << "the rule of the access log";
}

TEST_F(TrackerTest, a_cancelled_stream_does_not_wait_for_its_connections_end) {
  Tracker t = tracker({.log_all = true});
  t.on_report(report({.fate = Fate::kStreamReset}), at(0));
  const SocketRecord found = live(1, 1000, 1000);
  tick(t, at(2000), &found);
  EXPECT_EQ(only_line().fate, Fate::kStreamReset);
}

TEST_F(TrackerTest, a_wiped_socket_leaves_the_fate_unknown) {
  Tracker t = tracker();
  t.on_report(report({.acked = 100}), at(0));
  SocketRecord wiped = reset(1, 0, 0);
  wiped.flow.remote = {};
  t.on_socket_end(wiped, at(10));
  tick(t, at(2010));
  const FinalLine& line = only_line();
  EXPECT_EQ(line.fate, Fate::kUnknown);
  EXPECT_EQ(line.rule, "final-wiped");
  EXPECT_EQ(line.acked, Bytes{100}) << "as last known";
}

TEST_F(TrackerTest, unread_request_bytes_are_this_servers_own_reset) {
  Tracker t = tracker();
  t.on_report(report(), at(0));
  SocketRecord end = reset(1, 400, 1000);
  end.unread = Bytes{4907};
  t.on_socket_end(end, at(10));
  tick(t, at(2010));
  EXPECT_EQ(only_line().fate, Fate::kServerAbort);
  EXPECT_EQ(only_line().by, By::kServer);
}

TEST_F(TrackerTest, lost_events_are_named_and_nothing_is_guessed) {
  Tracker t = tracker();
  t.on_report(report(), at(0));
  t.on_loss(LossOf::kSocketEnds, 7, at(100));
  tick(t, at(2000), nullptr);
  EXPECT_TRUE(lines_.empty()) << "its end may still be on the way";
  tick(t, at(10000), nullptr);
  const FinalLine& line = only_line();
  EXPECT_FALSE(line.final);
  EXPECT_EQ(line.reason, "lost_events");
  EXPECT_EQ(line.fate, Fate::kPending);
  EXPECT_EQ(t.counters().lost_socket_ends, 7U);
}

TEST_F(TrackerTest, a_socket_that_is_not_there_without_any_loss_is_another_reason) {
  Tracker t = tracker();
  t.on_report(report(), at(0));
  tick(t, at(2000), nullptr);
  tick(t, at(10000), nullptr);
  EXPECT_EQ(only_line().reason, "no_such_socket");
}

/// Its responses were reported: it is no connection without any request.
TEST_F(TrackerTest, an_end_that_comes_late_is_still_that_of_the_connection) {
  Tracker t = tracker({.log_all = true});
  t.on_report(report(), at(0));
  tick(t, at(2000), nullptr);
  tick(t, at(10000), nullptr);
  EXPECT_EQ(only_line().reason, "no_such_socket");
  t.on_socket_end(reset(1, 1000, 1000), at(10500));
  for (std::int64_t ms = 11000; ms < 60000; ms += 1000) tick(t, at(ms), nullptr);
  EXPECT_EQ(lines_.size(), 1U);
  EXPECT_EQ(t.waiting(), 0U);
}

TEST_F(TrackerTest, an_mptcp_connection_is_joined_by_its_two_ends) {
  Tracker t = tracker();
  t.on_report(report({.cookie = 9106}), at(0));
  t.on_socket_end(reset(12678, 400, 1000), at(10));  // the subflow's own cookie
  tick(t, at(2010), nullptr);
  tick(t, at(4100), nullptr);
  ASSERT_GE(lines_.size(), 1U);
  EXPECT_EQ(lines_.front().about, FinalLine::About::kResponse);
  EXPECT_EQ(lines_.front().fate, Fate::kRstReceived);
  EXPECT_EQ(lines_.size(), 1U);
}

TEST_F(TrackerTest, an_mptcp_end_before_its_report_is_joined_too) {
  Tracker t = tracker();
  t.watch_port(443);
  t.on_socket_end(reset(12678, 400, 1000), at(0));
  t.on_report(report({.cookie = 9106}), at(10));
  tick(t, at(2010));  // no socket has the cookie of the report
  tick(t, at(4010));
  EXPECT_EQ(only_line().fate, Fate::kRstReceived);
  EXPECT_EQ(only_line().cookie, 9106U);
}

TEST_F(TrackerTest, ends_that_are_used_again_at_once_are_not_mixed_up) {
  Tracker t = tracker({.log_all = true});
  t.on_report(report({.cookie = 9, .client_port = 50000}), at(0));
  t.on_socket_end(reset(1, 400, 1000), at(0));  // before its own report
  t.on_report(report({.cookie = 1}), at(1));
  t.on_report(report({.cookie = 2}), at(500));  // the same two ends again
  const SocketRecord second = live(2, 1000, 1000);
  for (const Lookup& lookup : t.on_tick(at(2500))) {
    if (lookup.cookie == 2) t.on_lookup(lookup, &second, at(2500));
  }
  t.finish(at(2600));
  ASSERT_EQ(lines_.size(), 3U);
  EXPECT_EQ(lines_[0].cookie, 1U);
  EXPECT_EQ(lines_[0].fate, Fate::kRstReceived);
  EXPECT_EQ(lines_[1].cookie, 2U);
  EXPECT_EQ(lines_[1].fate, Fate::kDelivered);
}

TEST_F(TrackerTest, an_untouched_connection_before_lends_its_end_to_nobody) {
  Tracker t = tracker({.log_all = true});
  t.watch_port(443);
  t.on_socket_end(reset(1, 0, 0), at(0));  // no request at all
  t.on_report(report({.cookie = 2}), at(1500));
  const SocketRecord second = live(2, 1000, 1000);
  tick(t, at(3500), &second);
  ASSERT_FALSE(lines_.empty());
  EXPECT_EQ(lines_.back().cookie, 2U);
  EXPECT_EQ(lines_.back().fate, Fate::kDelivered);
}

TEST_F(TrackerTest, beyond_its_memory_the_oldest_response_is_given_up) {
  Tracker t = tracker({.memory = 200'000});
  std::uint64_t cookie = 0;
  while (lines_.empty()) t.on_report(report({.cookie = ++cookie}), at(0));
  EXPECT_EQ(lines_.front().reason, "evicted");
  EXPECT_FALSE(lines_.front().final);
  EXPECT_EQ(lines_.front().cookie, 1U);
  EXPECT_LE(t.memory_used(), 200'000U);
  EXPECT_EQ(t.counters().evicted, lines_.size());
}

/// Reports are not trusted: this one says that all was acknowledged, and shows nothing of it.
TEST_F(TrackerTest, a_delivered_response_that_shows_no_counters_waits_for_them) {
  Tracker t = tracker({.log_all = true});
  Report shown = report({.fate = Fate::kDelivered});
  shown.observation.evidence.snapshot.reset();
  t.on_report(shown, at(0));
  EXPECT_TRUE(lines_.empty());
  const SocketRecord found = live(1, 1000, 1000);
  tick(t, at(2000), &found);
  EXPECT_EQ(only_line().fate, Fate::kDelivered);
  EXPECT_EQ(only_line().acked, Bytes{1000});
}

TEST_F(TrackerTest, delivered_responses_that_their_counters_belie_keep_to_the_memory) {
  Tracker t = tracker({.log_all = true, .memory = 200'000});
  for (std::uint64_t i = 0; i < 2000; ++i) {
    t.on_report(report({.cookie = i + 1, .acked = 0, .fate = Fate::kDelivered}), at(0));
  }
  EXPECT_GT(t.counters().evicted, 0U);
  EXPECT_LE(t.memory_used(), 200'000U);
}

TEST_F(TrackerTest, finish_says_what_still_waits) {
  Tracker t = tracker();
  t.on_report(report(), at(0));
  t.finish(at(10));
  EXPECT_EQ(only_line().reason, "witness_stopped");
  EXPECT_EQ(t.waiting(), 0U);
}

TEST_F(TrackerTest, clients_of_one_network_that_fall_silent_together_say_so) {
  Tracker t = tracker();
  std::uint64_t cookie = 0;
  const auto client = [](std::uint8_t network, std::uint8_t host) {
    const std::array<std::uint8_t, 4> address{10, 0, network, host};
    return Endpoint::from(address, 40000);
  };
  for (std::uint8_t network = 1; network <= 3; ++network) {  // these answer
    Report good = report({.cookie = ++cookie, .acked = 1000, .fate = Fate::kDelivered});
    good.flow.remote = client(network, 1);
    t.on_report(good, at(19000));
  }
  for (std::uint8_t host = 1; host <= 3; ++host) {
    Report lost = report({.cookie = ++cookie});
    lost.flow.remote = client(9, host);
    t.on_report(lost, at(0));
    SocketRecord end = timed_out(cookie, 0, 1000);
    end.flow = lost.flow;
    t.on_socket_end(end, at(20000));
  }
  tick(t, at(22000));
  ASSERT_EQ(lines_.size(), 3U);
  for (const FinalLine& line : lines_) {
    EXPECT_EQ(line.evidence_rules.back(), "D4");
    EXPECT_EQ(line.by, By::kPeer) << "still nobody is accused";
  }
}

TEST_F(TrackerTest, a_watched_port_needs_no_module) {
  Tracker t = tracker();
  t.watch_port(443);
  t.on_socket_end(reset(5, 400, 1000), at(0));
  t.on_socket_end(closed(6, 1000), at(0));
  tick(t, at(4000));
  const FinalLine& line = only_line();
  EXPECT_EQ(line.about, FinalLine::About::kConnection);
  EXPECT_EQ(line.fate, Fate::kRstReceived);
  EXPECT_EQ(line.cookie, 5U);
  EXPECT_EQ(line.ended_at, at(0));
}

TEST_F(TrackerTest, other_ports_are_none_of_its_business) {
  Tracker t = tracker();
  t.on_socket_end(reset(5, 400, 1000), at(0));
  tick(t, at(60000));
  EXPECT_TRUE(lines_.empty());
}

// With packets

class TrackerWithPacketsTest : public TrackerTest {
 protected:
  void SetUp() override {
    for (const Packet& p : handshake(-100)) tracker_.on_packet(p, p.at);
  }

  void rst_from_client(std::int64_t ms, std::uint8_t ttl, std::uint16_t ip_id) {
    Packet rst = packet(ms, Direction::kIn);
    rst.rst = true;
    rst.seq = kClientIss + 101;
    rst.ack_number = kServerIss + 1;
    rst.ttl = ttl;
    rst.ip_id = ip_id;
    tracker_.on_packet(rst, rst.at);
  }

  Tracker tracker_ = tracker({.log_all = true, .capture_runs = true});
};

TEST_F(TrackerWithPacketsTest, a_captured_reset_is_the_end) {
  tracker_.on_report(report(), at(0));
  rst_from_client(30, 52, 103);
  tracker_.on_socket_end(reset(1, 0, 1000), at(31));
  tick(tracker_, at(2031));
  const FinalLine& line = only_line();
  EXPECT_EQ(line.fate, Fate::kRstReceived);
  EXPECT_EQ(line.rule, "final-rst");
  EXPECT_EQ(line.close, Close::kRst);
  EXPECT_EQ(line.capture, CaptureHealth::kComplete);
  ASSERT_TRUE(line.rst_from);
  EXPECT_NE(*line.rst_from, RstFrom::kPath);
}

TEST_F(TrackerWithPacketsTest, silence_is_complete_and_accuses_nobody) {
  tracker_.on_report(report(), at(0));
  tracker_.on_socket_end(timed_out(1, 0, 1000), at(15300));
  tick(tracker_, at(15300 + 14999));
  EXPECT_TRUE(lines_.empty()) << "the client may still show that it lives";
  tick(tracker_, at(15300 + 15000));
  const FinalLine& line = only_line();
  EXPECT_EQ(line.fate, Fate::kAckTimeout);
  EXPECT_EQ(line.rule, "final-silence");
  EXPECT_EQ(line.by, By::kPeer);
  EXPECT_FALSE(line.rst_from);
  EXPECT_FALSE(line.evidence.empty());
}

TEST_F(TrackerWithPacketsTest, a_later_fin_that_acknowledges_nothing_names_nobody) {
  tracker_.on_report(report(), at(0));
  tracker_.on_socket_end(timed_out(1, 0, 1000), at(15300));
  Packet fin = packet(19500, Direction::kIn);
  fin.fin = true;
  fin.seq = kClientIss + 101;
  fin.ack_number = kServerIss + 1;
  tracker_.on_packet(fin, fin.at);
  tick(tracker_, at(40000));
  EXPECT_EQ(only_line().fate, Fate::kAckTimeout);
  EXPECT_EQ(only_line().by, By::kPeer) << to_json(only_line());
}

TEST_F(TrackerWithPacketsTest, a_lost_packet_makes_the_capture_partial) {
  tracker_.on_report(report(), at(0));
  tracker_.on_loss(LossOf::kPackets, 3, at(10));
  tracker_.on_socket_end(reset(1, 0, 1000), at(31));
  tick(tracker_, at(2031));
  EXPECT_EQ(only_line().capture, CaptureHealth::kPartial);
  EXPECT_EQ(only_line().capture_lost, 3U);
}

TEST_F(TrackerWithPacketsTest, a_reset_before_any_request_is_a_connection_line) {
  tracker_.on_report(report({.cookie = 99, .client_port = 1}), at(-200));  // a module serves 443
  rst_from_client(30, 52, 103);
  SocketRecord end = reset(7, 0, 0);
  tracker_.on_socket_end(end, at(31));
  tick(tracker_, at(4031));
  ASSERT_FALSE(lines_.empty());
  const FinalLine& line = lines_.back();
  EXPECT_EQ(line.about, FinalLine::About::kConnection);
  EXPECT_EQ(line.rule, "conn-rst-before-request");
}

}  // namespace
}  // namespace connfate::witness

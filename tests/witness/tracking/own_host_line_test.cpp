// SPDX-License-Identifier: Apache-2.0
// Lines about what this host did itself: from the report and the destroy event to the words.
#include <gtest/gtest.h>

#include <algorithm>

#include "witness/events.hpp"
#include "witness/tracking/tracker.hpp"

namespace connfate::witness {
namespace {

using namespace events;

/// The destroy message of a socket whose last 600 bytes this host had refused three times.
SocketRecord refused(std::uint64_t cookie) {
  SocketRecord r = reset(cookie, 400, 1000);
  r.snapshot->snd_wnd = Bytes{65536};
  r.snapshot->notsent = r.unacked;
  r.snapshot->bytes_sent = Bytes{400 + 3 * 600};
  r.snapshot->last_ack_recv = r.snapshot->last_data_recv = milliseconds(4000);
  return r;
}

class OwnHostLineTest : public testing::Test {
 protected:
  OwnHostLineTest()
      : tracker_({.capture_runs = true},
                 [this](FinalLine line) { lines_.push_back(std::move(line)); }) {}

  void capture(const std::vector<Packet>& packets) {
    for (const Packet& p : packets) tracker_.on_packet(p, p.at);
  }
  FinalLine line_of(Fate first, const SocketRecord& end) {
    capture(handshake(0));
    tracker_.on_report(report({.fate = first}), at(100));
    tracker_.on_socket_end(end, at(5000));
    for (int ms = 6000; ms < 40'000 && lines_.empty(); ms += 1000) tracker_.on_tick(at(ms));
    return lines_.empty() ? FinalLine{} : lines_.front();
  }
  static bool says(const FinalLine& line, std::string_view words) {
    return std::ranges::any_of(line.evidence, [words](const std::string& statement) {
      return statement.find(words) != std::string::npos;
    });
  }

  std::vector<FinalLine> lines_;
  Tracker tracker_;
};

TEST_F(OwnHostLineTest, names_this_host_the_bytes_and_what_to_look_with) {
  const FinalLine line = line_of(Fate::kPending, refused(1));
  EXPECT_EQ(line.fate, Fate::kBlockedHere);
  EXPECT_EQ(line.by, By::kServer);
  EXPECT_EQ(line.confidence, Confidence::kProven);
  EXPECT_EQ(line.refused, Bytes{1800});
  EXPECT_TRUE(says(line, "refused to send 1800 bytes") && says(line, "nft list ruleset"));
  EXPECT_NE(to_json(line).find("\"refused\":1800"), std::string::npos);
}

TEST_F(OwnHostLineTest, a_client_that_left_meanwhile_is_not_the_cause) {
  const FinalLine line = line_of(Fate::kClientAbort, refused(1));
  EXPECT_EQ(line.fate, Fate::kBlockedHere);
  EXPECT_EQ(line.first, Fate::kClientAbort);
}

TEST_F(OwnHostLineTest, what_the_log_line_proved_no_packet_undoes) {
  Packet rst = packet(3000, Direction::kIn);
  rst.rst = true;
  rst.ack = false;
  rst.seq = kClientIss + 101;
  rst.ttl = 64;
  capture({rst});
  const FinalLine line = line_of(Fate::kBlockedHere, reset(1, 400, 1000));
  EXPECT_EQ(line.fate, Fate::kBlockedHere);
  EXPECT_EQ(line.by, By::kServer);
  EXPECT_EQ(line.rst_from, std::nullopt);
  EXPECT_EQ(line.confidence, Confidence::kProven);
}

TEST_F(OwnHostLineTest, what_healed_is_told_and_accuses_nobody) {
  SocketRecord end = timed_out(1, 400, 1000);
  end.snapshot->bytes_sent = Bytes{1000 + 5000};
  const FinalLine line = line_of(Fate::kPending, end);
  EXPECT_EQ(line.fate, Fate::kAckTimeout);
  EXPECT_EQ(line.by, By::kPeer);
  EXPECT_EQ(line.refused, Bytes{5000});
  EXPECT_TRUE(says(line, "does not account for what is missing"));
}

TEST_F(OwnHostLineTest, nothing_is_told_of_a_host_that_refused_nothing) {
  const FinalLine line = line_of(Fate::kPending, timed_out(1, 400, 1000));
  EXPECT_EQ(line.fate, Fate::kAckTimeout);
  EXPECT_EQ(line.refused, std::nullopt);
  EXPECT_FALSE(says(line, "this host refused"));
}

// --- H6

/// The data went out at 100 ms and six times again, 200 ms after and with a timeout that doubled;
/// the kernel gave up at 25.6 s. The client's FIN came at 3 s, and acknowledges nothing new.
class QueueLineTest : public OwnHostLineTest {
 protected:
  FinalLine line_with(std::uint64_t drops_before, std::uint64_t drops_meanwhile) {
    capture(handshake(0));
    tracker_.on_queue_drops(700, at(0));
    tracker_.on_queue_drops(700 + drops_before, at(50));
    tracker_.on_report(report({.start = 0, .end = 1000, .acked = 400}), at(100));
    Packet fin = packet(3000, Direction::kIn);
    fin.fin = true;
    fin.seq = kClientIss + 101;
    fin.ack_number = kServerIss + 401;
    fin.ttl = 52;
    fin.window = 500;
    capture({fin});
    SocketRecord end = timed_out(1, 400, 1000);
    end.snapshot->snd_wnd = Bytes{65536};
    end.snapshot->last_data_sent = milliseconds(12800);
    end.snapshot->rto = milliseconds(12800);
    end.snapshot->last_ack_recv = milliseconds(22600);
    end.snapshot->last_data_recv = milliseconds(25500);
    end.snapshot->bytes_sent = Bytes{1000 + 6 * 600};
    end.snapshot->bytes_retrans = Bytes{6 * 600};
    tracker_.on_queue_drops(700 + drops_before + drops_meanwhile, at(20'000));
    tracker_.on_socket_end(end, at(25'600));
    for (int ms = 26'000; ms < 90'000 && lines_.empty(); ms += 1000) tracker_.on_tick(at(ms));
    return lines_.empty() ? FinalLine{} : lines_.front();
  }
  static bool has_rule(const FinalLine& line, std::string_view rule) {
    return std::ranges::find(line.evidence_rules, rule) != line.evidence_rules.end();
  }
};

TEST_F(QueueLineTest, where_no_queue_of_this_host_dropped_anything_it_was_the_path) {
  const FinalLine line = line_with(50, 0);
  EXPECT_EQ(line.fate, Fate::kAckTimeout);
  EXPECT_EQ(line.by, By::kPath) << to_json(line);
  EXPECT_FALSE(has_rule(line, "H6"));
}

TEST_F(QueueLineTest, fewer_drops_than_repetitions_cannot_have_been_all_of_them) {
  EXPECT_EQ(line_with(0, 5).by, By::kPath);
}

TEST_F(QueueLineTest, the_path_is_not_named_while_a_queue_of_this_host_may_have_dropped_it) {
  const FinalLine line = line_with(0, 6);
  EXPECT_EQ(line.fate, Fate::kAckTimeout);
  EXPECT_EQ(line.by, By::kPeer) << to_json(line);
  EXPECT_EQ(line.confidence, Confidence::kNone);
  EXPECT_TRUE(has_rule(line, "H6"));
  EXPECT_TRUE(says(line, "queues of this host dropped") && says(line, "tc -s qdisc"));
}

}  // namespace
}  // namespace connfate::witness

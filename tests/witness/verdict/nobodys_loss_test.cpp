// SPDX-License-Identifier: Apache-2.0
// What is nobody's loss: connections that asked for nothing, listening sockets, and a client's own
// RST that acknowledges everything. And what only looks like it.
#include <gtest/gtest.h>

#include "witness/events.hpp"
#include "witness/tracking/tracker.hpp"
#include "witness/verdict/connection_verdict.hpp"

namespace connfate::witness {
namespace {

using namespace events;

/// A connection to a module's port that ended without a report.
class NoRequestTest : public testing::Test {
 protected:
  NoRequestTest() {
    record_ = reset(7, 0, 0);
    record_.snapshot->bytes_received = Bytes{0};
    record_.snapshot->data_segs_in = 0;
    record_.snapshot->segs_out_of_order = 0;
    evidence_.socket = &record_;
    evidence_.subject.start = evidence_.subject.end = Bytes{0};
    evidence_.destroyed_at = at(1000);
    evidence_.capture_runs = evidence_.capture_complete = true;
  }
  std::string_view rule() { return judge_connection(evidence_).rule->id; }

  FinalEvidence evidence_;
  SocketRecord record_;
};

TEST_F(NoRequestTest, a_check_that_connects_and_resets_asked_for_nothing) {
  evidence_.wire.rst_in = at(500);
  evidence_.wire.rst_effect = RstEffect::kApplied;
  const ConnectionVerdict verdict = judge_connection(evidence_);
  EXPECT_EQ(verdict.rule->id, "conn-no-request-byte");
  EXPECT_EQ(verdict.fate, Fate::kNoRequest);
  EXPECT_EQ(verdict.by, By::kNobody);
  EXPECT_EQ(verdict.close, Close::kRst);
}

TEST_F(NoRequestTest, a_fin_is_no_byte_of_a_request) {
  record_.snapshot->bytes_received = Bytes{1};
  evidence_.wire.fin_in = at(500);
  evidence_.wire.client_sent = Bytes{0};
  EXPECT_EQ(rule(), "conn-no-request-byte");
}

TEST_F(NoRequestTest, a_servers_timer_on_a_preconnect_is_nobodys_fault) {
  evidence_.wire.fin_out = at(900);
  EXPECT_EQ(rule(), "conn-no-request-byte");
}

TEST_F(NoRequestTest, the_number_of_a_fin_shows_that_bytes_were_sent) {
  evidence_.wire.fin_in = at(500);
  evidence_.wire.client_sent = Bytes{120};
  EXPECT_EQ(rule(), "conn-request-lost");
  EXPECT_EQ(judge_connection(evidence_).fate, Fate::kRequestTimeout);
}

TEST_F(NoRequestTest, data_behind_a_gap_shows_it) {
  record_.snapshot->segs_out_of_order = 1;
  EXPECT_EQ(rule(), "conn-request-lost");
}

TEST_F(NoRequestTest, data_that_tcp_did_not_queue_shows_it_only_where_nothing_came_after_our_end) {
  record_.snapshot->data_segs_in = 1;
  EXPECT_EQ(rule(), "conn-request-lost");
  evidence_.wire.data_in_after_fin_out = at(950);
  EXPECT_EQ(rule(), "conn-data-after-fin");
  evidence_.wire.data_in_after_fin_out.reset();
  evidence_.capture_complete = false;
  EXPECT_EQ(rule(), "conn-no-request");
}

/// A browser's preconnect: it opens the session and waits, until somebody's timer ends it.
TEST_F(NoRequestTest, a_tls_handshake_is_no_request) {
  evidence_.subject.end = evidence_.subject.acked = Bytes{3000};
  record_.snapshot->bytes_acked = Bytes{3000};
  record_.snapshot->bytes_received = Bytes{581};
  record_.snapshot->data_segs_in = 2;
  evidence_.wire.client_sent = evidence_.wire.handshake_end = Bytes{581};
  evidence_.wire.fin_out = at(900);
  evidence_.wire.closed_after = std::chrono::seconds(60);
  EXPECT_EQ(rule(), "conn-only-handshake");
  EXPECT_EQ(judge_connection(evidence_).fate, Fate::kNoRequest);
  evidence_.wire.closed_after = milliseconds(3);
  EXPECT_EQ(rule(), "conn-refused") << "a certificate that this server does not want";
  evidence_.wire.closed_after = std::chrono::seconds(60);
  record_.snapshot->bytes_received = Bytes{581 + 90};
  EXPECT_EQ(rule(), "conn-server-closed") << "a record behind it may be a request";
  evidence_.wire.fin_in = at(950);
  record_.snapshot->bytes_received = Bytes{581 + 1};
  EXPECT_EQ(rule(), "conn-only-handshake");
}

TEST_F(NoRequestTest, one_byte_that_was_read_is_something) {
  record_.snapshot->bytes_received = Bytes{1};
  record_.snapshot->data_segs_in = 1;
  EXPECT_EQ(rule(), "conn-no-request");
}

TEST_F(NoRequestTest, where_the_counters_are_gone_nothing_is_claimed) {
  record_.flow.remote.port = 0;
  evidence_.standing = Standing::kWiped;
  EXPECT_EQ(judge_connection(evidence_).fate, Fate::kUnknown);
}

/// The access log said no_request; packets tell of more.
TEST_F(NoRequestTest, a_logged_no_request_stands_until_packets_show_that_one_was_sent) {
  evidence_.subject.first = Fate::kNoRequest;
  evidence_.subject.first_by = By::kNobody;
  EXPECT_EQ(judge(evidence_).fate, Fate::kNoRequest);
  evidence_.wire.client_sent = Bytes{120};
  EXPECT_EQ(judge(evidence_).rule->id, "final-request-was-sent");
  EXPECT_EQ(judge(evidence_).fate, Fate::kRequestTimeout);
  evidence_.wire.data_in_after_fin_out = at(950);
  EXPECT_EQ(judge(evidence_).fate, Fate::kNoRequest) << "it came when the server had given up";
}

/// A check that closes with its own RST when it has the answer: HTTP/1.0, read, reset.
class AcknowledgingResetTest : public testing::Test {
 protected:
  AcknowledgingResetTest() {
    record_ = reset(1, 0, 233);
    evidence_.socket = &record_;
    evidence_.subject.first = Fate::kPending;
    evidence_.subject.end = Bytes{233};
    evidence_.destroyed_at = at(1000);
    evidence_.wire.rst_in = at(990);
    evidence_.wire.rst_effect = RstEffect::kApplied;
    evidence_.wire.rst_acked = Bytes{233};
  }
  FinalVerdict redressed(const Attribution& attribution) {
    return redress(judge(evidence_), evidence_, attribution);
  }

  const Attribution client_{.rst_from = RstFrom::kClient, .confidence = Confidence::kStrong};
  FinalEvidence evidence_;
  SocketRecord record_;
};

TEST_F(AcknowledgingResetTest, is_delivered_when_it_is_the_clients_own) {
  const FinalVerdict verdict = redressed(client_);
  EXPECT_EQ(verdict.rule->id, "final-acknowledged-by-reset");
  EXPECT_EQ(verdict.fate, Fate::kDelivered);
  EXPECT_EQ(verdict.by, By::kNobody);
  EXPECT_EQ(verdict.close, Close::kRst);
}

TEST_F(AcknowledgingResetTest, proves_nothing_when_anybody_can_have_sent_it) {
  Attribution a = client_;
  a.confidence = Confidence::kModerate;
  EXPECT_EQ(redressed(a).fate, Fate::kRstReceived);
  a = {.rst_from = RstFrom::kUnknown, .confidence = Confidence::kStrong};
  EXPECT_EQ(redressed(a).fate, Fate::kRstReceived);
  a = {.rst_from = RstFrom::kPath, .confidence = Confidence::kStrong};
  EXPECT_EQ(redressed(a).fate, Fate::kRstReceived);
  a = client_;
  a.client_went_on = true;
  EXPECT_EQ(redressed(a).fate, Fate::kRstReceived);
}

TEST_F(AcknowledgingResetTest, acknowledges_no_more_than_it_says) {
  evidence_.wire.rst_acked = Bytes{232};
  EXPECT_EQ(redressed(client_).fate, Fate::kRstReceived);
  evidence_.wire.rst_acked.reset();
  EXPECT_EQ(redressed(client_).fate, Fate::kRstReceived);
}

TEST_F(AcknowledgingResetTest, makes_no_whole_response_of_a_part) {
  evidence_.subject.first = Fate::kRstReceived;
  evidence_.subject.complete = false;
  EXPECT_EQ(redressed(client_).fate, Fate::kRstReceived);
  evidence_.subject.complete = true;
  EXPECT_EQ(redressed(client_).fate, Fate::kDelivered);
  evidence_.subject.first = Fate::kServerAbort;
  EXPECT_EQ(redressed(client_).fate, Fate::kServerAbort);
}

/// A worker was killed: its kernel closed in order, and answered the client's next request with a
/// RST, which the response before had not survived. The line about the connection says the same.
TEST(OneTruth, a_response_that_was_closed_and_then_refused_is_the_servers_abort) {
  SocketRecord record = reset(1, 400, 1000);
  record.snapshot->bytes_received = Bytes{100};
  FinalEvidence e;
  e.socket = &record;
  e.subject.first = Fate::kPending;
  e.subject.end = Bytes{1000};
  e.destroyed_at = at(900);
  e.capture_runs = e.capture_complete = true;
  EXPECT_EQ(judge(e).rule->id, "final-end-not-captured");
  e.wire.fin_out = at(800);
  e.wire.data_in_after_fin_out = at(950);
  e.wire.rst_out = at(951);
  e.wire.rst_out_is_reply = true;
  EXPECT_EQ(judge(e).rule->id, "final-closed-then-refused");
  EXPECT_EQ(judge(e).fate, judge_connection(e).fate);
  EXPECT_EQ(judge(e).by, judge_connection(e).by);
}

/// What the log holds when nobody asked for more.
class QuietLogTest : public testing::Test {
 protected:
  void end(SocketRecord record, std::int64_t ms) {
    record.flow = flow(40001);
    tracker_.on_socket_end(record, at(ms));
    tracker_.finish(at(ms + 60'000));
  }

  std::vector<FinalLine> lines_;
  Tracker tracker_{{}, [this](const FinalLine& line) { lines_.push_back(line); }};
};

TEST_F(QuietLogTest, has_no_line_for_a_connection_that_asked_for_nothing) {
  tracker_.watch_port(443);
  SocketRecord record = reset(7, 0, 0);
  record.snapshot->bytes_received = Bytes{0};
  end(record, 10);
  EXPECT_TRUE(lines_.empty()) << to_json(lines_.front());
}

TEST_F(QuietLogTest, has_no_line_for_a_listening_socket) {
  tracker_.watch_port(443);
  SocketRecord record = reset(7, 0, 0);
  record.flow = {flow().local, Endpoint{}};
  tracker_.on_socket_end(record, at(10));
  tracker_.finish(at(60'000));
  EXPECT_TRUE(lines_.empty()) << to_json(lines_.front());
}

TEST_F(QuietLogTest, has_the_responses_that_the_client_left) {
  tracker_.on_report(report({.fate = Fate::kClientAbort}), at(0));
  tracker_.on_socket_end(reset(1, 400, 1000), at(10));
  tracker_.finish(at(60'000));
  ASSERT_EQ(lines_.size(), 1U);
  EXPECT_EQ(lines_[0].by, By::kClient);
}

/// True of who ended it; the seconds before belong on the line, too.
TEST_F(QuietLogTest, says_what_a_client_that_left_had_waited_for) {
  Report pending = report({.client_port = 40001});
  pending.observation.evidence.view.fin_seen = true;
  tracker_.on_report(pending, at(0));
  SocketRecord record = reset(1, 400, 1000);
  record.snapshot->total_retrans = Segments{5};
  record.snapshot->total_rto_time = milliseconds(2100);
  end(record, 3000);
  ASSERT_EQ(lines_.size(), 1U);
  EXPECT_EQ(lines_[0].fate, Fate::kBrokenPipe);
  EXPECT_EQ(lines_[0].evidence.back(),
            "5 segments of the connection had been sent again before, which took 2100 ms");
}

TEST_F(QuietLogTest, has_what_the_access_log_does_not_say) {
  Report pending = report({.client_port = 40001});
  pending.observation.evidence.view.fin_seen = true;
  tracker_.on_report(pending, at(0));
  end(reset(1, 400, 1000), 10);
  ASSERT_EQ(lines_.size(), 1U);
  EXPECT_EQ(lines_[0].fate, Fate::kBrokenPipe) << to_json(lines_[0]);
}

}  // namespace
}  // namespace connfate::witness

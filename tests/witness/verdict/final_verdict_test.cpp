// SPDX-License-Identifier: Apache-2.0
#include "witness/verdict/final_verdict.hpp"

#include <gtest/gtest.h>

#include <set>

#include "witness/events.hpp"
#include "witness/verdict/connection_verdict.hpp"

namespace connfate::witness {
namespace {

using namespace events;

/// A pending response of 1000 bytes of which 400 are acknowledged, on a socket that is gone.
class FinalVerdictTest : public testing::Test {
 protected:
  FinalVerdictTest() {
    evidence_.subject.first = Fate::kPending;
    evidence_.subject.first_by = By::kNobody;
    evidence_.subject.start = Bytes{0};
    evidence_.subject.end = Bytes{1000};
    evidence_.destroyed_at = at(1000);
    use(reset(1, 400, 1000));
  }
  void use(const SocketRecord& record) {
    record_ = record;
    evidence_.socket = &record_;
  }
  std::string_view rule() { return judge(evidence_).rule->id; }

  FinalEvidence evidence_;
  SocketRecord record_;
};

TEST_F(FinalVerdictTest, every_byte_acknowledged_is_delivered_whatever_came_later) {
  use(reset(1, 1000, 1000));
  evidence_.wire.rst_in = at(900);
  evidence_.wire.rst_effect = RstEffect::kApplied;
  const FinalVerdict verdict = judge(evidence_);
  EXPECT_EQ(verdict.fate, Fate::kDelivered);
  EXPECT_EQ(verdict.close, Close::kRst);
  EXPECT_EQ(verdict.by, By::kNobody);
}

/// HTTP/2: everything that the client let out was acknowledged when the server's timer ran out.
/// What the server says then (RST_STREAM, GOAWAY) is what a living client acknowledges.
TEST_F(FinalVerdictTest, a_closed_stream_window_and_silence_afterwards_name_nobody) {
  evidence_.subject.first = Fate::kClientStalled;
  evidence_.subject.first_by = By::kClient;
  evidence_.subject.stream_window_closed = true;
  SocketRecord silent = reset(1, 1000, 1030);
  silent.snapshot->retransmits = 3;
  use(silent);
  EXPECT_EQ(rule(), "final-stalled-or-cut-off");
  EXPECT_EQ(judge(evidence_).by, By::kUnknown);
  silent.snapshot->bytes_acked = Bytes{1013};  // the client acknowledged the goodbye's beginning
  use(silent);
  EXPECT_EQ(rule(), "final-as-logged");
  silent = reset(1, 1000, 1030);
  use(silent);
  EXPECT_EQ(rule(), "final-as-logged") << "nothing was repeated";
}

TEST_F(FinalVerdictTest, an_end_unknown_at_log_time_is_that_of_all_that_was_written) {
  evidence_.subject.end.reset();
  EXPECT_EQ(rule(), "final-rst-inferred");
  use(closed(1, 1000));
  EXPECT_EQ(rule(), "final-all-acked");
}

/// Its FIN follows the last byte, and TIME_WAIT means that the FIN is acknowledged.
TEST_F(FinalVerdictTest, what_waits_in_time_wait_was_acknowledged_to_the_end) {
  use(in_time_wait(1));
  EXPECT_EQ(rule(), "final-all-acked");
  EXPECT_EQ(derive(evidence_).acked, Bytes{1000});
  evidence_.subject.end.reset();
  EXPECT_EQ(rule(), "final-all-acked");
}

TEST_F(FinalVerdictTest, a_captured_rst_is_named) {
  evidence_.wire.rst_in = at(900);
  evidence_.wire.rst_effect = RstEffect::kApplied;
  EXPECT_EQ(rule(), "final-rst");
}

TEST_F(FinalVerdictTest, a_rst_that_ended_the_socket_may_seem_to_come_a_moment_after_its_end) {
  evidence_.capture_complete = true;
  evidence_.wire.rst_effect = RstEffect::kApplied;
  evidence_.wire.rst_in = at(1005);  // other sources, other clocks; the socket ended at 1000
  EXPECT_EQ(rule(), "final-rst");
  evidence_.wire.rst_in = at(3000);
  EXPECT_EQ(rule(), "final-end-not-captured");
}

TEST_F(FinalVerdictTest, a_rst_that_the_kernel_ignored_ended_nothing) {
  evidence_.wire.rst_in = at(900);
  for (const auto effect : {RstEffect::kIgnored, RstEffect::kChallenged, RstEffect::kPostClose}) {
    evidence_.wire.rst_effect = effect;
    EXPECT_NE(rule(), "final-rst");
  }
}

TEST_F(FinalVerdictTest, a_fin_before_the_rst_makes_it_a_broken_pipe) {
  evidence_.wire.fin_in = at(800);
  evidence_.wire.rst_in = at(900);
  evidence_.wire.rst_effect = RstEffect::kApplied;
  EXPECT_EQ(rule(), "final-fin-then-rst");
  evidence_.wire.fin_in = at(950);
  EXPECT_EQ(rule(), "final-rst");
}

TEST_F(FinalVerdictTest, our_own_rst_is_ours) {
  evidence_.wire.rst_out = at(900);
  const FinalVerdict verdict = judge(evidence_);
  EXPECT_EQ(verdict.rule->id, "final-rst-out");
  EXPECT_EQ(verdict.by, By::kServer);
  EXPECT_EQ(verdict.close, Close::kLocal);
}

TEST_F(FinalVerdictTest, a_rst_of_ours_after_theirs_is_a_consequence) {
  evidence_.wire.rst_in = at(900);
  evidence_.wire.rst_effect = RstEffect::kApplied;
  evidence_.wire.rst_out = at(901);
  EXPECT_EQ(rule(), "final-rst");
}

TEST_F(FinalVerdictTest, a_rst_of_ours_after_the_sockets_end_is_a_consequence) {
  use(timed_out(1, 400, 1000));
  evidence_.capture_runs = evidence_.capture_complete = true;
  evidence_.wire.rst_out = at(5000);
  EXPECT_EQ(rule(), "final-silence");
}

/// The socket was gone when its kernel answered; that event came a moment later.
TEST_F(FinalVerdictTest, a_reply_without_a_socket_ends_nothing) {
  use(timed_out(1, 400, 1000));
  evidence_.capture_runs = evidence_.capture_complete = true;
  evidence_.wire.rst_out = *evidence_.destroyed_at - milliseconds(5);
  EXPECT_EQ(rule(), "final-rst-out");
  evidence_.wire.rst_out_is_reply = true;
  EXPECT_EQ(rule(), "final-silence");
  evidence_.wire.rst_out = *evidence_.destroyed_at - milliseconds(50);
  EXPECT_EQ(rule(), "final-rst-out") << "a firewall of this host";
}

/// The kernel had given up; the busy server closed 400 ms later, and meanwhile the client's packets
/// were answered as those of a stranger.
TEST_F(FinalVerdictTest, a_reply_after_the_kernel_gave_up_ends_nothing) {
  use(timed_out(1, 400, 1000));
  record_.snapshot->last_data_sent = milliseconds(6400 + 400);  // one timeout ago, and a little
  evidence_.capture_runs = evidence_.capture_complete = true;
  evidence_.wire.rst_out_is_reply = true;
  evidence_.wire.rst_out = *evidence_.destroyed_at - milliseconds(380);
  EXPECT_EQ(rule(), "final-silence");
  evidence_.wire.rst_out = *evidence_.destroyed_at - milliseconds(500);
  EXPECT_EQ(rule(), "final-rst-out") << "a firewall of this host";
}

TEST_F(FinalVerdictTest, unread_request_bytes_come_before_inference) {
  record_.unread = Bytes{1};
  EXPECT_NE(rule(), "final-unread-request") << "a FIN is no data";
  record_.unread = Bytes{10};
  EXPECT_EQ(rule(), "final-unread-request");
  evidence_.wire.rst_in = at(900);
  evidence_.wire.rst_effect = RstEffect::kApplied;
  EXPECT_EQ(rule(), "final-rst") << "a captured RST came first";
}

TEST_F(FinalVerdictTest, silence_needs_a_complete_capture_or_the_timer) {
  use(timed_out(1, 400, 1000));
  EXPECT_EQ(rule(), "final-timer-ran-out");
  evidence_.capture_complete = true;
  EXPECT_EQ(rule(), "final-silence");
  evidence_.wire.icmp =
      IcmpError{.at = at(900), .flow = flow(), .sender = {}, .type = 3, .code = 4};
  EXPECT_EQ(rule(), "final-silence") << "nobody gives up because a packet was too big";
  evidence_.wire.icmp->code = 1;
  EXPECT_EQ(rule(), "final-icmp");
}

TEST_F(FinalVerdictTest, an_end_that_a_complete_capture_does_not_show_stays_unknown) {
  evidence_.capture_complete = true;
  EXPECT_EQ(judge(evidence_).fate, Fate::kUnknown);
  EXPECT_EQ(rule(), "final-end-not-captured");
}

TEST_F(FinalVerdictTest, without_packets_a_rst_is_inferred_and_says_so) {
  const FinalVerdict verdict = judge(evidence_);
  EXPECT_EQ(verdict.rule->id, "final-rst-inferred");
  EXPECT_EQ(verdict.by, By::kPeer);
  EXPECT_EQ(verdict.close, Close::kRst);
  evidence_.subject.fin_seen = true;
  EXPECT_EQ(rule(), "final-fin-then-rst-inferred");
}

TEST_F(FinalVerdictTest, a_fin_is_one_byte_that_no_read_returns) {
  evidence_.subject.bytes_taken = Bytes{99};  // the kernel counted 100
  EXPECT_EQ(rule(), "final-fin-then-rst-inferred");
  evidence_.subject.bytes_taken = Bytes{100};
  EXPECT_EQ(rule(), "final-rst-inferred");
}

TEST_F(FinalVerdictTest, probes_without_an_answer_leave_it_open_without_packets) {
  record_.snapshot->probes = 3;
  EXPECT_EQ(rule(), "final-while-probing");
}

TEST_F(FinalVerdictTest, a_live_connection_is_pending) {
  use(live(1, 400, 1000));
  evidence_.standing = Standing::kLive;
  evidence_.destroyed_at.reset();
  EXPECT_EQ(rule(), "final-not-yet");
}

TEST(FinalRules, have_ids_and_sentences_of_their_own) {
  std::set<std::string_view> ids;
  for (const FinalRule& rule : final_rules()) {
    EXPECT_TRUE(rule.id.starts_with("final-")) << rule.id;
    EXPECT_TRUE(rule.reason.ends_with(".")) << rule.id;
    EXPECT_TRUE(ids.insert(rule.id).second) << rule.id;
  }
  for (const ConnectionRule& rule : connection_rules()) {
    EXPECT_TRUE(rule.id.starts_with("conn-")) << rule.id;
    EXPECT_TRUE(rule.reason.ends_with(".")) << rule.id;
    EXPECT_TRUE(ids.insert(rule.id).second) << rule.id;
  }
}

TEST(AttributedBy, needs_evidence_for_client_and_path) {
  Attribution none;
  EXPECT_EQ(attributed_by(Fate::kRstReceived, By::kPeer, none), By::kPeer);
  Attribution unknown{.rst_from = RstFrom::kUnknown};
  EXPECT_EQ(attributed_by(Fate::kRstReceived, By::kPeer, unknown), By::kPeer);
  Attribution path{.rst_from = RstFrom::kPath};
  EXPECT_EQ(attributed_by(Fate::kRstReceived, By::kPeer, path), By::kPath);
  EXPECT_EQ(attributed_by(Fate::kServerAbort, By::kServer, path), By::kServer);
  Attribution alive{.path_proven_alive = true};
  EXPECT_EQ(attributed_by(Fate::kAckTimeout, By::kPeer, alive), By::kPath);
  EXPECT_EQ(attributed_by(Fate::kRstReceived, By::kPeer, alive), By::kPeer);
  Attribution client{.rst_from = RstFrom::kClient};
  EXPECT_EQ(attributed_by(Fate::kRstReceived, By::kPeer, client), By::kClient);
  client.path_proven_alive = true;
  EXPECT_EQ(attributed_by(Fate::kRstReceived, By::kPeer, client), By::kPath);
}

/// A request that never became whole looks like a whole one whose worker died before it was logged.
TEST(ConnectionVerdict, does_not_accuse_the_peer_of_a_close_by_the_server) {
  SocketRecord record = reset(1, 0, 0);
  record.snapshot->bytes_received = Bytes{517};
  FinalEvidence e;
  e.socket = &record;
  e.subject.start = Bytes{0};
  e.subject.end = e.subject.acked = Bytes{861822};
  e.destroyed_at = at(1000);
  e.wire.fin_out = at(400);
  EXPECT_EQ(judge_connection(e).fate, Fate::kUnknown);
  EXPECT_EQ(judge_connection(e).by, By::kUnknown);
}

TEST(ConnectionVerdict, tells_the_ends_without_a_request_apart) {
  SocketRecord record = reset(1, 0, 0);
  record.snapshot->bytes_received = Bytes{7};
  FinalEvidence e;
  e.socket = &record;
  e.subject.start = e.subject.end = Bytes{0};
  e.destroyed_at = at(1000);
  EXPECT_EQ(judge_connection(e).rule->id, "conn-no-request");
  e.wire.fin_in = at(500);
  EXPECT_EQ(judge_connection(e).rule->id, "conn-client-closed");
  e.wire.rst_in = at(400);
  e.wire.rst_effect = RstEffect::kApplied;
  EXPECT_EQ(judge_connection(e).rule->id, "conn-rst-before-request");
  e.wire = {};
  e.wire.rst_out = at(400);
  EXPECT_EQ(judge_connection(e).rule->id, "conn-rst-out");
  e.wire = {};
  e.wire.fin_out = at(400);
  record.snapshot->bytes_received = Bytes{517};
  EXPECT_EQ(judge_connection(e).rule->id, "conn-server-closed");
  e.subject.end = Bytes{7};  // a TLS alert
  e.wire.closed_after = std::chrono::seconds(10);
  EXPECT_EQ(judge_connection(e).rule->id, "conn-server-closed");
  e.wire.closed_after = std::chrono::milliseconds(2);
  EXPECT_EQ(judge_connection(e).rule->id, "conn-refused");
  e.subject.end = Bytes{0};
  EXPECT_EQ(judge_connection(e).rule->id, "conn-server-closed");
  e.wire.data_in_after_fin_out = at(450);
  EXPECT_EQ(judge_connection(e).rule->id, "conn-data-after-fin");
  e.wire = {};
  record = timed_out(1, 0, 3000);
  e.subject.end = Bytes{3000};
  EXPECT_EQ(judge_connection(e).rule->id, "conn-ack-timeout");
}

}  // namespace
}  // namespace connfate::witness

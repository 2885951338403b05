// SPDX-License-Identifier: Apache-2.0
// The specification of the verdict: what happened, and what connfate says of it.
#include "connfate/rules.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <set>
#include <string>

#include "unit/sample_evidence.hpp"

namespace connfate {
namespace {

using fixture::acknowledge_all;
using fixture::close_window;
using fixture::die;
using fixture::die_with;
using fixture::in_flight;
using fixture::incomplete;
using fixture::receive_fin;
using std::chrono::milliseconds;
using E = Evidence&;

struct Case {
  std::string_view story;
  Evidence (*sample)();
  void (*change)(E);
  std::string_view rule;
  Fate fate;
  By by;
  Close close;
  Phase phase;
};

void die_by_timer(E e) {
  e.snapshot->retransmits = 4, e.snapshot->total_retrans = {4};
  e.snapshot->rto = e.snapshot->last_data_sent = milliseconds(3264);
  e.snapshot->total_rto_time = milliseconds(6400);
  die(e);
}

void time_out(E e) {
  e.view.timed_out = true;
}

/// The server's timer for the request ran out, although the client had sent a lot more of it.
void leave_unread(E e) {
  e.view.request_received = false;
  e.view.request_timed_out = true;
  e.snapshot->bytes_received = *e.view.bytes_taken + Bytes{100'000};
  e.snapshot->last_data_recv = milliseconds(1900);
}

constexpr Phase kDrained = Phase::kDrained;
constexpr Phase kSending = Phase::kSending;

const Case kCases[] = {
    // What cannot be looked at.
    {"QUIC", in_flight, [](E e) { e.view.transport = Transport::kQuic, e.snapshot.reset(); },
     "quic", Fate::kUnknown, By::kUnknown, Close::kUnknown, kDrained},
    {"UnixSocket", in_flight, [](E e) { e.view.transport = Transport::kOther, e.snapshot.reset(); },
     "not-tcp", Fate::kUnknown, By::kUnknown, Close::kUnknown, kDrained},
    {"DeadDescriptor", incomplete, [](E e) { e.snapshot.reset(); }, "no-tcp-info", Fate::kUnknown,
     By::kUnknown, Close::kUnknown, kSending},

    // What the server alone knows.
    {"RequestNeverComplete", incomplete,
     [](E e) {
       e.view.request_received = false;
       e.view.request_timed_out = true;
     },
     "request-never-complete", Fate::kRequestTimeout, By::kPeer, Close::kOpen, Phase::kRequest},
    {"RequestLeftUnread", incomplete, leave_unread, "request-left-unread", Fate::kServerTimeout,
     By::kServer, Close::kOpen, Phase::kRequest},
    {"RequestArrivesAtTheLastMoment", incomplete,
     [](E e) {
       leave_unread(e);
       e.snapshot->last_data_recv = milliseconds(8);
     },
     "request-unread-or-late", Fate::kUnknown, By::kUnknown, Close::kOpen, Phase::kRequest},
    {"RequestLineInTheServersBuffer", incomplete,
     [](E e) {
       leave_unread(e);
       e.snapshot->bytes_received = *e.view.bytes_taken + Bytes{8000};
     },
     "request-never-complete", Fate::kRequestTimeout, By::kPeer, Close::kOpen, Phase::kRequest},
    {"OtherRequestsBytesUnread", incomplete,
     [](E e) {
       leave_unread(e);
       e.view.shared_stream = true;
     },
     "request-never-complete", Fate::kRequestTimeout, By::kPeer, Close::kOpen, Phase::kRequest},
    {"StreamCancelled", incomplete, [](E e) { e.view.shared_stream = e.view.stream_reset = true; },
     "stream-cancelled", Fate::kStreamReset, By::kClient, Close::kOpen, kSending},
    {"StreamCancelledByTheConnectionsDeath", incomplete,
     [](E e) {
       e.view.shared_stream = e.view.stream_reset = true;
       die_with(e, ECONNRESET);
     },
     "rst-before-ack", Fate::kRstReceived, By::kPeer, Close::kRst, kSending},

    // Full delivery, which no later RST can undo.
    {"AllAcked", in_flight, acknowledge_all, "all-acked", Fate::kDelivered, By::kNobody,
     Close::kOpen, kDrained},
    {"AllAckedThenHalfClose", in_flight, [](E e) { acknowledge_all(e), receive_fin(e); },
     "all-acked", Fate::kDelivered, By::kNobody, Close::kFin, kDrained},
    {"AllAckedThenRst", in_flight, [](E e) { acknowledge_all(e), die_with(e, ECONNRESET); },
     "all-acked", Fate::kDelivered, By::kNobody, Close::kRst, kDrained},
    {"AllAckedThenOurFin", in_flight,
     [](E e) { acknowledge_all(e), e.snapshot->state = TcpState::kFinWait2; }, "all-acked",
     Fate::kDelivered, By::kNobody, Close::kLocal, kDrained},
    {"AllAckedThenKeepaliveTimeout", in_flight,
     [](E e) { acknowledge_all(e), die_with(e, ETIMEDOUT, Operation::kRead); }, "all-acked",
     Fate::kDelivered, By::kNobody, Close::kTimeout, kDrained},
    {"TunnelClosed", incomplete,
     [](E e) { e.view.tunnel = true, acknowledge_all(e), receive_fin(e); }, "tunnel-closed",
     Fate::kDelivered, By::kNobody, Close::kFin, kSending},
    {"TunnelReset", incomplete,
     [](E e) { e.view.tunnel = true, acknowledge_all(e), die_with(e, ECONNRESET); },
     "rst-before-ack", Fate::kRstReceived, By::kPeer, Close::kRst, kSending},

    // How a dead connection died, by its first errno.
    {"SocketDestroyedHere", in_flight, [](E e) { die_with(e, ECONNABORTED); }, "killed-here",
     Fate::kServerAbort, By::kServer, Close::kLocal, kDrained},
    {"UserTimeoutOnAClosedWindow", incomplete, [](E e) { die_with(e, ETIMEDOUT), close_window(e); },
     "user-timeout-window-closed", Fate::kClientStalled, By::kClient, Close::kTimeout, kSending},
    {"VanishedBehindAClosedWindow", incomplete,
     [](E e) { die_with(e, ETIMEDOUT), close_window(e), e.snapshot->probes = 8; },
     "unanswered-until-timeout", Fate::kAckTimeout, By::kPeer, Close::kTimeout, kSending},
    {"KernelGaveUp", in_flight, [](E e) { die_by_timer(e), die_with(e, ETIMEDOUT); },
     "unanswered-until-timeout", Fate::kAckTimeout, By::kPeer, Close::kTimeout, kDrained},
    {"KernelGaveUpAfterIcmp", in_flight, [](E e) { die_by_timer(e), die_with(e, EHOSTUNREACH); },
     "icmp-then-timeout", Fate::kUnreachable, By::kPeer, Close::kIcmp, kDrained},
    {"RstWhileDrained", in_flight, [](E e) { die_with(e, ECONNRESET); }, "rst-before-ack",
     Fate::kRstReceived, By::kPeer, Close::kRst, kDrained},
    {"RstBeforeTheFirstByte", incomplete,
     [](E e) {
       e.view.response_started = false;
       e.start = e.end = e.snapshot->bytes_acked = e.snapshot->bytes_sent = Bytes{};
       die_with(e, ECONNRESET);
     },
     "rst-before-ack", Fate::kRstReceived, By::kPeer, Close::kRst, Phase::kWaiting},
    {"RstWithAllAcceptedBytesAckedButMoreToCome", incomplete,
     [](E e) { acknowledge_all(e), die_with(e, ECONNRESET); }, "rst-before-ack", Fate::kRstReceived,
     By::kPeer, Close::kRst, kSending},
    {"FinThenRst", incomplete, [](E e) { receive_fin(e), die_with(e, EPIPE); }, "fin-then-rst",
     Fate::kBrokenPipe, By::kClient, Close::kRst, kSending},
    // tcp_reset() says ECONNRESET in LAST_ACK and CLOSING too.
    {"FinThenOurFinThenRst", incomplete,
     [](E e) {
       receive_fin(e);
       e.view.write_shut_down = true;
       die_with(e, ECONNRESET);
     },
     "fin-then-rst", Fate::kBrokenPipe, By::kClient, Close::kRst, kSending},
    {"EpipeWhenReceivedBytesWereNotCounted", incomplete,
     [](E e) { e.view.bytes_taken.reset(), die_with(e, EPIPE); }, "rst-after-epipe",
     Fate::kRstReceived, By::kPeer, Close::kRst, kSending},
    {"FinThenDeathErrnoConsumed", incomplete, [](E e) { receive_fin(e), die(e); }, "fin-then-rst",
     Fate::kBrokenPipe, By::kClient, Close::kRst, kSending},

    // How it died when somebody else consumed the errno.
    {"TimerRanOutWithIcmpErrnoConsumed", in_flight,
     [](E e) { die_by_timer(e), e.snapshot->total_rto_time = milliseconds(60000); },
     "backoff-reverted-then-timeout", Fate::kUnreachable, By::kPeer, Close::kIcmp, kDrained},
    {"TimerRanOutErrnoConsumed", in_flight, die_by_timer, "timer-ran-out", Fate::kAckTimeout,
     By::kPeer, Close::kTimeout, kDrained},
    {"TimerRanOutThenEpipe", in_flight, [](E e) { die_by_timer(e), die_with(e, EPIPE); },
     "timer-ran-out", Fate::kAckTimeout, By::kPeer, Close::kTimeout, kDrained},
    {"DiedWhileProbing", incomplete, [](E e) { die(e), close_window(e), e.snapshot->probes = 2; },
     "error-consumed-while-probing", Fate::kUnknown, By::kUnknown, Close::kUnknown, kSending},
    {"RstErrnoConsumedNoFin", incomplete, [](E e) { die(e); }, "rst-no-fin", Fate::kRstReceived,
     By::kPeer, Close::kRst, kSending},
    {"EpipeSecondErrnoConsumedNoFin", incomplete, [](E e) { die_with(e, EPIPE); }, "rst-no-fin",
     Fate::kRstReceived, By::kPeer, Close::kRst, kSending},
    {"RstErrnoConsumedFinUnknown", incomplete, [](E e) { e.view.bytes_taken.reset(), die(e); },
     "rst-errno-consumed", Fate::kRstReceived, By::kPeer, Close::kRst, kSending},

    // The server is not done yet.
    {"AskedTooEarly", incomplete, [](E e) { e.view.ended = false; }, "not-ended", Fate::kUnknown,
     By::kUnknown, Close::kOpen, kSending},

    // The server's own timers.
    {"ClosedWindow", incomplete, [](E e) { time_out(e), close_window(e); }, "window-closed",
     Fate::kClientStalled, By::kClient, Close::kOpen, kSending},
    {"ClosedWindowAndVanished", incomplete,
     [](E e) { time_out(e), close_window(e), e.snapshot->probes = 5; }, "retransmitting",
     Fate::kAckStalled, By::kPeer, Close::kOpen, kSending},
    {"Retransmitting", incomplete, [](E e) { time_out(e), e.snapshot->retransmits = 3; },
     "retransmitting", Fate::kAckStalled, By::kPeer, Close::kOpen, kSending},
    {"BackedOffSinceTheLastAck", incomplete, [](E e) { time_out(e), e.snapshot->backoff = 2; },
     "retransmitting", Fate::kAckStalled, By::kPeer, Close::kOpen, kSending},
    {"StreamWindowClosed", incomplete,
     [](E e) { time_out(e), e.view.shared_stream = true, acknowledge_all(e); },
     "stream-window-closed", Fate::kClientStalled, By::kClient, Close::kOpen, kSending},
    {"MostlyWaitedForTheWindow", incomplete,
     [](E e) { time_out(e), e.busy = milliseconds(900), e.rwnd_limited = milliseconds(800); },
     "window-limited", Fate::kClientStalled, By::kClient, Close::kOpen, kSending},
    {"HeldBackHere", incomplete,
     [](E e) { time_out(e), close_window(e), e.snapshot->snd_wnd = Bytes{65536}; },
     "held-back-here", Fate::kServerTimeout, By::kServer, Close::kOpen, kSending},
    {"AcksAdvancing", incomplete, time_out, "acks-advancing", Fate::kServerTimeout, By::kServer,
     Close::kOpen, kSending},

    // Who left early, and what is under way.
    {"ClientClosed", incomplete, [](E e) { receive_fin(e), e.view.peer_closed = true; },
     "client-closed", Fate::kClientAbort, By::kClient, Close::kFin, kSending},
    {"EndedEarly", incomplete, [](E) {}, "ended-early", Fate::kServerAbort, By::kServer,
     Close::kOpen, kSending},
    {"EndedEarlyBeforeAnyByte", incomplete,
     [](E e) { e.view.response_started = false, e.start = e.end; }, "ended-early",
     Fate::kServerAbort, By::kServer, Close::kOpen, Phase::kWaiting},
    {"AcksUnknown", in_flight, [](E e) { e.snapshot->bytes_acked.reset(), e.end.reset(); },
     "acks-unknown", Fate::kUnknown, By::kUnknown, Close::kOpen, kDrained},
    {"RstOnAKernelThatCountsNoAcks", in_flight,
     [](E e) {
       e.snapshot->bytes_acked.reset();
       e.end.reset();
       die_with(e, ECONNRESET);
     },
     "acks-unknown", Fate::kUnknown, By::kUnknown, Close::kRst, kDrained},
    {"InFlight", in_flight, [](E) {}, "in-flight", Fate::kPending, By::kNobody, Close::kOpen,
     kDrained},
    {"LastBytesStillInTheServer", in_flight,
     [](E e) {
       acknowledge_all(e);
       e.view.shared_stream = e.view.end_ahead = true;
       e.start.reset();
       e.end.reset();
     },
     "being-written", Fate::kPending, By::kNobody, Close::kOpen, kDrained},
    {"ResetBeforeTheLastBytes", in_flight,
     [](E e) {
       e.view.shared_stream = e.view.end_ahead = true;
       die_with(e, ECONNRESET);
     },
     "rst-before-ack", Fate::kRstReceived, By::kPeer, Close::kRst, kDrained},
    {"InFlightAfterHalfClose", in_flight, receive_fin, "in-flight", Fate::kPending, By::kNobody,
     Close::kFin, kDrained},
};

/// Rules that no evidence reaches, and those of the other *_rules_test.cpp.
constexpr std::string_view kUnreachable[] = {"no-rule",
                                             "refused-here",
                                             "next-hop-silent",
                                             "refused-here-then-cancelled",
                                             "no-request-byte",
                                             "reset-here",
                                             "end-hidden",
                                             "tunnel-timed-out",
                                             "client-said-goodbye",
                                             "closed-here",
                                             "recovered-too-late"};

class RulesTest : public testing::TestWithParam<Case> {};

TEST_P(RulesTest, Decides) {
  const Case& row = GetParam();
  Evidence evidence = row.sample();
  row.change(evidence);
  const Verdict verdict = classify(evidence);
  ASSERT_NE(verdict.rule, nullptr);
  EXPECT_EQ(verdict.rule->id, row.rule);
  EXPECT_EQ(to_token(verdict.fate), to_token(row.fate));
  EXPECT_EQ(to_token(verdict.by), to_token(row.by));
  EXPECT_EQ(to_token(verdict.close), to_token(row.close));
  EXPECT_EQ(to_token(verdict.phase), to_token(row.phase));
}

constexpr auto kStory = [](const auto& row) { return std::string(row.param.story); };
INSTANTIATE_TEST_SUITE_P(Cases, RulesTest, testing::ValuesIn(kCases), kStory);

TEST(RuleTableTest, EveryRuleHasACase) {
  for (const Rule& rule : rules()) {
    const bool has_case = std::ranges::count(kCases, rule.id, &Case::rule) > 0;
    const bool unreachable = std::ranges::count(kUnreachable, rule.id) > 0;
    EXPECT_NE(has_case, unreachable) << rule.id << " needs a row in kCases";
  }
}

TEST(RuleTableTest, IdsAreUniqueLowerCaseWords) {
  std::set<std::string_view> seen;
  for (const Rule& rule : rules()) {
    EXPECT_TRUE(seen.insert(rule.id).second) << rule.id;
    EXPECT_TRUE(std::ranges::all_of(rule.id, [](char c) { return c == '-' || std::islower(c); }))
        << rule.id;
  }
}

TEST(RuleTableTest, EveryRuleSaysWhyInASentence) {
  for (const Rule& rule : rules()) {
    EXPECT_TRUE(std::isupper(rule.reason.front()) && rule.reason.ends_with('.')) << rule.id;
  }
}

TEST(RuleTableTest, TheLastRuleAppliesToEverything) {
  EXPECT_TRUE(rules().back().applies(Evidence{}, Findings{}));
  EXPECT_NE(classify(Evidence{}).rule, nullptr);
  EXPECT_EQ(Verdict{}.rule, nullptr);
}

}  // namespace
}  // namespace connfate

// SPDX-License-Identifier: Apache-2.0
// What this host kept from the wire: the verdict while it does, and what must not be taken for it.
#include <gtest/gtest.h>

#include <cerrno>
#include <string>

#include "connfate/rules.hpp"
#include "unit/sample_evidence.hpp"

namespace connfate {
namespace {

using fixture::acknowledge_all;
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
  e.snapshot->retransmits = 4;
  e.snapshot->total_retrans = {4};
  e.snapshot->rto = milliseconds(3264);
  e.snapshot->last_data_sent = milliseconds(3264);
  e.snapshot->total_rto_time = milliseconds(6400);
  die(e);
}

void time_out(E e) {
  e.view.timed_out = true;
}

/// 1000 bytes of the response arrived, then this host's firewall let nothing more out: three tries.
void refuse_the_rest(E e) {
  e.snapshot->bytes_sent = Bytes{2000 + 3 * 3000};
  e.snapshot->unacked = {};
  e.snapshot->notsent = e.output_queue = Bytes{3000};
  e.snapshot->last_ack_recv = e.snapshot->last_data_recv = milliseconds(4000);
  e.refused = Bytes{9000};
}

/// The same, all of it.
void refuse_all(E e) {
  refuse_the_rest(e);
  e.snapshot->bytes_acked = e.start;
  e.snapshot->notsent = e.output_queue = Bytes{4000};
  e.snapshot->last_ack_recv = e.snapshot->last_data_recv = milliseconds(0);
}

constexpr Phase kDrained = Phase::kDrained;
constexpr Phase kSending = Phase::kSending;

const Case kCases[] = {
    // What this host kept from the wire, whatever ended the wait for it.
    {"RefusedHereUntilTheClientLeft", incomplete,
     [](E e) {
       refuse_the_rest(e), receive_fin(e);
       e.view.peer_closed = true;
       e.snapshot->last_ack_recv = milliseconds(0);  // of the FIN, which made the kernel try again
     },
     "refused-here", Fate::kBlockedHere, By::kServer, Close::kFin, kSending},
    {"RefusedHereUntilTheClientEndedItsTlsSession", incomplete,
     [](E e) { refuse_the_rest(e), e.view.peer_closed = e.view.goodbye_seen = true; },
     "refused-here", Fate::kBlockedHere, By::kServer, Close::kOpen, kSending},
    {"RefusedHereUntilTheClientReset", in_flight,
     [](E e) { refuse_the_rest(e), die_with(e, ECONNRESET); }, "refused-here", Fate::kBlockedHere,
     By::kServer, Close::kRst, kDrained},
    {"RejectedHere", in_flight, [](E e) { refuse_all(e), die_with(e, ECONNRESET); }, "refused-here",
     Fate::kBlockedHere, By::kServer, Close::kRst, kDrained},
    {"RefusedHereUntilTheKernelGaveUp", in_flight,
     [](E e) { refuse_the_rest(e), die_with(e, ETIMEDOUT); }, "refused-here", Fate::kBlockedHere,
     By::kServer, Close::kTimeout, kDrained},
    {"RefusedHereUntilTheServersTimer", incomplete, [](E e) { refuse_the_rest(e), time_out(e); },
     "refused-here", Fate::kBlockedHere, By::kServer, Close::kOpen, kSending},
    {"RefusedHereOnASharedStream", incomplete,
     [](E e) { refuse_the_rest(e), time_out(e), e.view.shared_stream = true, e.start.reset(); },
     "refused-here", Fate::kBlockedHere, By::kServer, Close::kOpen, kSending},
    {"RefusedHereUntilTheStreamWasCancelled", incomplete,
     [](E e) { refuse_the_rest(e), e.view.shared_stream = e.view.stream_reset = true; },
     "refused-here-then-cancelled", Fate::kBlockedHere, By::kServer, Close::kOpen, kSending},
    // And what must not be taken for it.
    {"RefusedHereAndNobodyGaveUp", in_flight, refuse_the_rest, "in-flight", Fate::kPending,
     By::kNobody, Close::kOpen, kDrained},
    {"RefusedHereAndTheServerGaveUpForAnotherReason", incomplete, refuse_the_rest, "ended-early",
     Fate::kServerAbort, By::kServer, Close::kOpen, kSending},
    {"RefusedOnceThenLostOnThePath", in_flight,
     [](E e) {
       refuse_the_rest(e), die_by_timer(e), die_with(e, ETIMEDOUT);
       e.snapshot->notsent = Bytes{0};
     },
     "unanswered-until-timeout", Fate::kAckTimeout, By::kPeer, Close::kTimeout, kDrained},
    {"RefusedOnceThenTheWindowClosed", incomplete,
     [](E e) { refuse_the_rest(e), time_out(e), e.snapshot->snd_wnd = Bytes{0}; }, "window-closed",
     Fate::kClientStalled, By::kClient, Close::kOpen, kSending},
    {"RefusedOnceThenResetBeforeTheNextTry", in_flight,
     [](E e) {
       refuse_the_rest(e), die_with(e, ECONNRESET);
       e.snapshot->last_ack_recv = milliseconds(8);
     },
     "rst-before-ack", Fate::kRstReceived, By::kPeer, Close::kRst, kDrained},
    {"RefusedOnceThenAllArrived", in_flight,
     [](E e) { refuse_the_rest(e), acknowledge_all(e), die_with(e, ECONNRESET); }, "all-acked",
     Fate::kDelivered, By::kNobody, Close::kRst, kDrained},
    {"AbortInMidBody", incomplete,
     [](E e) {
       refuse_the_rest(e), die_with(e, ECONNRESET);
       e.refused = Bytes{0};
     },
     "rst-before-ack", Fate::kRstReceived, By::kPeer, Close::kRst, kSending},
    {"NextHopSilent", in_flight,
     [](E e) {
       die_by_timer(e), die_with(e, EHOSTUNREACH);
       e.snapshot->total_retrans = {2};
     },
     "next-hop-silent", Fate::kUnreachable, By::kServer, Close::kIcmp, kDrained},
};

class RefusedRulesTest : public testing::TestWithParam<Case> {};

TEST_P(RefusedRulesTest, Decides) {
  const Case& row = GetParam();
  Evidence evidence = row.sample();
  row.change(evidence);
  const Verdict verdict = classify(evidence);
  EXPECT_EQ(verdict.rule->id, row.rule);
  EXPECT_EQ(to_token(verdict.fate), to_token(row.fate));
  EXPECT_EQ(to_token(verdict.by), to_token(row.by));
  EXPECT_EQ(to_token(verdict.close), to_token(row.close));
  EXPECT_EQ(to_token(verdict.phase), to_token(row.phase));
}

constexpr auto kStory = [](const auto& row) { return std::string(row.param.story); };
INSTANTIATE_TEST_SUITE_P(Cases, RefusedRulesTest, testing::ValuesIn(kCases), kStory);

}  // namespace
}  // namespace connfate

// SPDX-License-Identifier: Apache-2.0
// Whose goodbye it was, where the server's own records tell: RST_STREAM and GOAWAY, close_notify,
// the end of a tunnel; and where they do not.
#include <gtest/gtest.h>

#include <cerrno>

#include "connfate/rules.hpp"
#include "unit/sample_evidence.hpp"

namespace connfate {
namespace {

using fixture::acknowledge_all;
using fixture::close_window;
using fixture::die_with;
using fixture::in_flight;
using fixture::incomplete;
using fixture::receive_fin;
using std::chrono::milliseconds;

void expect(const Evidence& e, std::string_view rule, Fate fate, By by, Close close) {
  const Verdict verdict = classify(e);
  EXPECT_EQ(verdict.rule->id, rule);
  EXPECT_EQ(to_token(verdict.fate), to_token(fate));
  EXPECT_EQ(to_token(verdict.by), to_token(by));
  EXPECT_EQ(to_token(verdict.close), to_token(close));
}

Evidence reset_here(Evidence e = incomplete()) {
  e.view.shared_stream = e.view.reset_here = true;
  return e;
}

TEST(EarlyEndTest, AStreamThatTheServerResetIsTheServers) {
  expect(reset_here(), "reset-here", Fate::kServerAbort, By::kServer, Close::kOpen);
}

TEST(EarlyEndTest, TheClientsFinComesAfterTheServersGoaway) {
  Evidence e = reset_here();
  receive_fin(e);
  e.view.peer_closed = true;
  expect(e, "reset-here", Fate::kServerAbort, By::kServer, Close::kFin);
}

TEST(EarlyEndTest, ARstThatAnswersTheServersGoawayChangesNothing) {
  Evidence e = reset_here();
  die_with(e, ECONNRESET);
  expect(e, "reset-here", Fate::kServerAbort, By::kServer, Close::kRst);
}

TEST(EarlyEndTest, AResetBehindAWholeResponseDoesNotMatter) {
  Evidence e = reset_here(in_flight());
  acknowledge_all(e);
  expect(e, "all-acked", Fate::kDelivered, By::kNobody, Close::kOpen);
}

TEST(EarlyEndTest, CloseNotifyIsTheClientsGoodbyeBeforeItsFin) {
  Evidence e = incomplete();
  e.view.peer_closed = e.view.goodbye_seen = true;
  expect(e, "client-said-goodbye", Fate::kClientAbort, By::kClient, Close::kOpen);
}

TEST(EarlyEndTest, AGoodbyeForWhichNobodyGaveUpEndedNothing) {
  Evidence e = incomplete();
  e.view.goodbye_seen = true;
  expect(e, "ended-early", Fate::kServerAbort, By::kServer, Close::kOpen);
}

TEST(EarlyEndTest, ARstBehindAGoodbyeIsWhatEndedTheConnection) {
  Evidence e = incomplete();
  e.view.peer_closed = e.view.goodbye_seen = true;
  die_with(e, ECONNRESET);
  expect(e, "rst-before-ack", Fate::kRstReceived, By::kPeer, Close::kRst);
}

TEST(EarlyEndTest, AnIdleTunnelThatTheTimerCutsIsTheServers) {
  Evidence e = incomplete();
  e.view.tunnel = e.view.timed_out = true;
  acknowledge_all(e);
  expect(e, "tunnel-timed-out", Fate::kServerTimeout, By::kServer, Close::kOpen);
}

TEST(EarlyEndTest, ATunnelWhoseClientReadsNothingIsTheClients) {
  Evidence e = incomplete();
  e.view.tunnel = e.view.timed_out = true;
  close_window(e);
  expect(e, "window-closed", Fate::kClientStalled, By::kClient, Close::kOpen);
}

TEST(EarlyEndTest, ATunnelThatTheClientClosesOverTlsEndsWell) {
  Evidence e = incomplete();
  e.view.tunnel = e.view.peer_closed = e.view.goodbye_seen = true;
  expect(e, "client-said-goodbye", Fate::kClientAbort, By::kClient, Close::kOpen);
  acknowledge_all(e);
  expect(e, "tunnel-closed", Fate::kDelivered, By::kNobody, Close::kOpen);
}

TEST(EarlyEndTest, AnEndThatNobodySawIsUnknownWhateverCameNext) {
  Evidence e = incomplete();
  e.view.end_hidden = true;
  acknowledge_all(e);
  expect(e, "end-hidden", Fate::kUnknown, By::kUnknown, Close::kOpen);
  die_with(e, ECONNRESET);
  expect(e, "end-hidden", Fate::kUnknown, By::kUnknown, Close::kRst);
}

TEST(EarlyEndTest, ASocketClosedUnderAResponseIsTheServers) {
  Evidence e = incomplete();
  e.view.closed_here = e.view.response_started = true;
  e.snapshot.reset();
  expect(e, "closed-here", Fate::kServerAbort, By::kServer, Close::kLocal);
  EXPECT_EQ(classify(e).phase, Phase::kSending);
}

TEST(EarlyEndTest, ASocketClosedBehindAWholeResponseIsUnknown) {
  Evidence e = in_flight();
  e.view.closed_here = true;
  e.snapshot.reset();
  expect(e, "no-tcp-info", Fate::kUnknown, By::kUnknown, Close::kLocal);
}

/// The first error is EPIPE; the last data was sent 100 ms ago, and the last read was `since_read`.
Evidence die_with_epipe(milliseconds since_read, Bytes unread) {
  Evidence e = incomplete();
  e.snapshot->bytes_received = *e.view.bytes_taken + unread;
  die_with(e, EPIPE);
  e.snapshot->last_data_sent = milliseconds(100);
  e.view.since_read = since_read;
  return e;
}

constexpr Bytes kCloseNotifyAndFin{25};

TEST(EarlyEndTest, AnEpipeThatNoReadCanHaveLeftTellsOfAFin) {
  expect(die_with_epipe(milliseconds(1000), kCloseNotifyAndFin), "fin-then-rst", Fate::kBrokenPipe,
         By::kClient, Close::kRst);
}

TEST(EarlyEndTest, AnEpipeBehindAReadThatMayHaveTakenTheErrnoDoesNot) {
  expect(die_with_epipe(milliseconds(110), kCloseNotifyAndFin), "rst-after-epipe",
         Fate::kRstReceived, By::kPeer, Close::kRst);
}

TEST(EarlyEndTest, NorDoesOneWhereTheCountShowsNoFin) {
  expect(die_with_epipe(milliseconds(1000), Bytes{0}), "rst-no-fin", Fate::kRstReceived, By::kPeer,
         Close::kRst);
}

Evidence time_out_behind_an_outage(milliseconds outage) {
  Evidence e = incomplete();
  e.view.timed_out = true;
  e.busy = milliseconds(2000);
  e.rto_time = outage;
  return e;
}

TEST(EarlyEndTest, APathThatCameBackJustBeforeTheTimerIsNoFaultOfTheTimer) {
  expect(time_out_behind_an_outage(milliseconds(1500)), "recovered-too-late", Fate::kAckStalled,
         By::kPeer, Close::kOpen);
}

TEST(EarlyEndTest, AShortOutageInALongTransferIsNot) {
  expect(time_out_behind_an_outage(milliseconds(900)), "acks-advancing", Fate::kServerTimeout,
         By::kServer, Close::kOpen);
}

}  // namespace
}  // namespace connfate

// SPDX-License-Identifier: Apache-2.0
// derive(): what follows from one look by arithmetic alone.
#include "connfate/evidence.hpp"

#include <gtest/gtest.h>

#include <cerrno>

#include "unit/sample_evidence.hpp"

namespace connfate {
namespace {

using fixture::acknowledge_all;
using fixture::close_window;
using fixture::die;
using fixture::die_with;
using fixture::in_flight;
using fixture::receive_fin;
using std::chrono::milliseconds;

Findings after(void (*change)(Evidence&)) {
  Evidence evidence = in_flight();
  change(evidence);
  return derive(evidence);
}

TEST(EvidenceTest, NothingIsFoundWithoutASnapshot) {
  const Findings f = after([](Evidence& e) { e.snapshot.reset(); });
  EXPECT_FALSE(f.dead || f.all_acked || f.acks_known || f.fin_received || f.error_consumed);
  EXPECT_EQ(f.close, Close::kUnknown);
  EXPECT_EQ(f.phase, Phase::kDrained);
}

TEST(EvidenceTest, PhaseFollowsTheServer) {
  EXPECT_EQ(after([](Evidence&) {}).phase, Phase::kDrained);
  EXPECT_EQ(after([](Evidence& e) { e.view.complete = false; }).phase, Phase::kSending);
  EXPECT_EQ(after([](Evidence& e) { e.view = ServerView{}, e.end = e.start; }).phase,
            Phase::kWaiting);
  EXPECT_EQ(after([](Evidence& e) { e.view.request_received = false; }).phase, Phase::kRequest);
}

TEST(EvidenceTest, WrittenBytesMeanSendingWhateverTheServerSaid) {
  EXPECT_EQ(after([](Evidence& e) { e.view = ServerView{}; }).phase, Phase::kSending);
}

TEST(EvidenceTest, UnackedZeroProvesNothingInClose) {
  const Findings f = after([](Evidence& e) { die_with(e, ECONNRESET); });
  EXPECT_TRUE(f.acks_known);
  EXPECT_FALSE(f.all_acked);
}

TEST(EvidenceTest, TheFinIsOneByteThatNoReadReturns) {
  EXPECT_TRUE(after([](Evidence& e) { die(e), receive_fin(e); }).fin_received);
  EXPECT_TRUE(after([](Evidence& e) { die(e); }).fin_excluded);
  const Findings unread = after([](Evidence& e) { e.snapshot->bytes_received = Bytes{900}; });
  EXPECT_FALSE(unread.fin_received || unread.fin_excluded);
  const Findings uncounted = after([](Evidence& e) { e.view.bytes_taken.reset(); });
  EXPECT_FALSE(uncounted.fin_received || uncounted.fin_excluded);
}

TEST(EvidenceTest, TheFinIsSeenInTheStateOrByTheServer) {
  for (const TcpState state : {TcpState::kCloseWait, TcpState::kLastAck, TcpState::kClosing}) {
    Evidence evidence = in_flight();
    evidence.snapshot->state = state;
    EXPECT_TRUE(derive(evidence).fin_received) << to_token(state);
  }
  EXPECT_TRUE(after([](Evidence& e) { e.view.fin_seen = true; }).fin_received);
}

struct CloseRow {
  std::string_view story;
  void (*change)(Evidence&);
  Close close;
};

constexpr CloseRow kCloses[] = {
    {"nothing happened", [](Evidence&) {}, Close::kOpen},
    {"FIN seen, state not yet looked at", [](Evidence& e) { e.view.fin_seen = true; }, Close::kFin},
    {"client FIN", receive_fin, Close::kFin},
    {"client FIN, then ours", [](Evidence& e) { e.snapshot->state = TcpState::kLastAck; },
     Close::kFin},
    {"our FIN", [](Evidence& e) { e.snapshot->state = TcpState::kFinWait1; }, Close::kLocal},
    {"both at once", [](Evidence& e) { e.snapshot->state = TcpState::kClosing; }, Close::kLocal},
    {"orderly end, ours first",
     [](Evidence& e) {
       acknowledge_all(e), die(e);
       e.snapshot->bytes_acked = Bytes{5001};
     },
     Close::kLocal},
    {"orderly end, client first",
     [](Evidence& e) {
       acknowledge_all(e), die(e);
       e.snapshot->bytes_acked = Bytes{5001};
       e.view.fin_seen = true;
     },
     Close::kFin},
    {"RST", [](Evidence& e) { die_with(e, ECONNRESET); }, Close::kRst},
    {"RST after FIN", [](Evidence& e) { die_with(e, EPIPE); }, Close::kRst},
    {"RST, errno consumed", die, Close::kRst},
    {"timeout", [](Evidence& e) { die_with(e, ETIMEDOUT); }, Close::kTimeout},
    {"ICMP", [](Evidence& e) { die_with(e, EACCES); }, Close::kIcmp},
    {"killed here", [](Evidence& e) { die_with(e, ECONNABORTED); }, Close::kLocal},
    {"an errno that ends nothing", [](Evidence& e) { e.error = SocketError{EAGAIN}; },
     Close::kOpen},
};

TEST(EvidenceTest, CloseTellsHowTheConnectionStands) {
  for (const CloseRow& row : kCloses) {
    EXPECT_EQ(to_token(after(row.change).close), to_token(row.close)) << row.story;
  }
}

TEST(EvidenceTest, TheTimerRanOutOnlyWhenItsTimeWasUp) {
  Evidence evidence = in_flight();
  die(evidence);
  evidence.snapshot->retransmits = 2;
  evidence.snapshot->rto = milliseconds(800);
  evidence.snapshot->last_data_sent = milliseconds(784);  // within two jiffies of 10 ms
  EXPECT_TRUE(derive(evidence).timer_expired);
  evidence.snapshot->last_data_sent = milliseconds(400);
  EXPECT_FALSE(derive(evidence).timer_expired) << "a RST came before the timer";
  evidence.snapshot->last_data_sent = milliseconds(800);
  evidence.snapshot->retransmits = 0;
  EXPECT_FALSE(derive(evidence).timer_expired) << "nothing had been retransmitted";
}

TEST(EvidenceTest, AnErrnoThatIsKnownNeedsNoTimerArithmetic) {
  const Findings f = after([](Evidence& e) {
    e.snapshot->retransmits = 4;
    die_with(e, ECONNRESET);
    e.snapshot->rto = e.snapshot->last_data_sent = milliseconds(800);
  });
  EXPECT_FALSE(f.error_consumed || f.timer_expired);
  EXPECT_EQ(f.close, Close::kRst);
}

TEST(EvidenceTest, WindowClosedMeansLessThanASegmentWhileDataWaits) {
  EXPECT_TRUE(after(close_window).window_closed);
  EXPECT_TRUE(
      after([](Evidence& e) { close_window(e), e.snapshot->snd_wnd = Bytes{1447}; }).window_closed);
  EXPECT_FALSE(
      after([](Evidence& e) { close_window(e), e.snapshot->snd_wnd = Bytes{1448}; }).window_closed);
  EXPECT_FALSE(after([](Evidence& e) { e.snapshot->snd_wnd = Bytes{0}; }).window_closed);
}

TEST(EvidenceTest, WithoutSndWndTheBackOffOfProbesTellsTheClosedWindow) {
  const auto old_kernel = [](Evidence& e) { close_window(e), e.snapshot->snd_wnd.reset(); };
  EXPECT_TRUE(after(old_kernel).window_closed);  // before 5.4
  Evidence evidence = in_flight();
  old_kernel(evidence);
  evidence.snapshot->backoff = 0;
  EXPECT_FALSE(derive(evidence).window_closed);
}

TEST(EvidenceTest, WindowLimitedIsMoreThanHalfOfTheBusyTime) {
  Evidence evidence = in_flight();
  evidence.busy = milliseconds(100);
  evidence.rwnd_limited = milliseconds(50);
  EXPECT_FALSE(derive(evidence).window_limited);
  evidence.rwnd_limited = milliseconds(51);
  EXPECT_TRUE(derive(evidence).window_limited);
}

TEST(EvidenceTest, OneProbeMayStillBeAnswered) {
  EXPECT_FALSE(after([](Evidence& e) { e.snapshot->probes = 1; }).probing_unanswered);
  EXPECT_TRUE(after([](Evidence& e) { e.snapshot->probes = 2; }).probing_unanswered);
}

}  // namespace
}  // namespace connfate

// SPDX-License-Identifier: Apache-2.0
#include "cli/live/trouble.hpp"

#include <gtest/gtest.h>

#include "cli/live/live_socket.hpp"

namespace connfate::cli {
namespace {

using std::chrono::milliseconds;
using Kinds = std::vector<TroubleKind>;

constexpr milliseconds kOlder{1000};

class TroubleTest : public testing::Test {
 protected:
  TcpSnapshot& snapshot() { return *socket_.record.snapshot; }
  std::optional<Trouble> assess() const { return cli::assess(socket_, kOlder); }
  Kinds kinds() const { return assess() ? assess()->kinds : Kinds{}; }
  std::optional<Fate> fate() const {
    const auto trouble = assess();
    return trouble && trouble->provisional ? std::optional(trouble->provisional->fate)
                                           : std::nullopt;
  }
  void set_state(TcpState state) { socket_.record.state = snapshot().state = state; }
  void set_silent(milliseconds silence) {
    snapshot().last_data_sent = snapshot().last_data_recv = snapshot().last_ack_recv = silence;
  }
  void set_nothing_waits() {
    socket_.record.unacked = {0};
    snapshot().unacked = {0};
  }

  LiveSocket socket_ = fixture::healthy_socket();
};

TEST_F(TroubleTest, DataOnItsWayIsNoTrouble) {
  EXPECT_FALSE(assess());
}

TEST_F(TroubleTest, DataOnItsWayForLongIsPending) {
  set_silent(milliseconds(1500));
  EXPECT_EQ(kinds(), Kinds{TroubleKind::kUnacked});
  EXPECT_EQ(fate(), Fate::kPending);
  EXPECT_EQ(assess()->unacked, Bytes{500});
}

TEST_F(TroubleTest, AnIdleConnectionIsNoTrouble) {
  set_nothing_waits();
  set_silent(milliseconds(60'000));
  EXPECT_FALSE(assess());
}

TEST_F(TroubleTest, ARetransmissionIsTroubleAtOnce) {
  snapshot().retransmits = 1;
  snapshot().backoff = 1;
  EXPECT_EQ(kinds(), Kinds{TroubleKind::kRetransmitting});
  EXPECT_EQ(fate(), Fate::kAckStalled);
  EXPECT_EQ(assess()->provisional->rule, "retransmitting");
}

TEST_F(TroubleTest, WithoutAnOwnerItIsTheKernelsTimerThatGivesUp) {
  snapshot().retransmits = 3;
  set_state(TcpState::kFinWait1);
  socket_.record.unacked = {501};  // and our FIN
  socket_.has_owner = false;
  EXPECT_EQ(kinds(), (Kinds{TroubleKind::kRetransmitting, TroubleKind::kOrphaned}));
  EXPECT_EQ(fate(), Fate::kAckTimeout);
  EXPECT_EQ(assess()->unacked, Bytes{500});
}

TEST_F(TroubleTest, AnOrphanThatWaitsForItsFinAloneIsNoTrouble) {
  set_state(TcpState::kFinWait1);
  socket_.record.unacked = {1};
  socket_.has_owner = false;
  set_silent(milliseconds(5000));
  EXPECT_FALSE(assess());
}

TEST_F(TroubleTest, AClosedWindowIsTheClients) {
  snapshot().unacked = {0};
  snapshot().notsent = Bytes{500};
  snapshot().snd_wnd = Bytes{0};
  snapshot().backoff = 2;
  EXPECT_EQ(kinds(), Kinds{TroubleKind::kZeroWindow});
  EXPECT_EQ(fate(), Fate::kClientStalled);
  EXPECT_EQ(assess()->provisional->rule, "window-closed");
}

TEST_F(TroubleTest, UnansweredProbesAreNotHeldAgainstTheClient) {
  snapshot().unacked = {0};
  snapshot().notsent = Bytes{500};
  snapshot().snd_wnd = Bytes{0};
  snapshot().probes = 3;
  EXPECT_EQ(kinds(), Kinds{TroubleKind::kProbingUnanswered});
  EXPECT_EQ(fate(), Fate::kAckStalled);
}

TEST_F(TroubleTest, DataHeldBackHereIsTheServers) {
  snapshot().unacked = {0};
  snapshot().notsent = Bytes{500};
  EXPECT_FALSE(assess());  // corked for a moment
  set_silent(milliseconds(1500));
  EXPECT_EQ(kinds(), Kinds{TroubleKind::kHeldBack});
  EXPECT_EQ(fate(), Fate::kServerTimeout);
}

TEST_F(TroubleTest, AHalfClosedClientThatWaitsForItsAnswer) {
  set_state(TcpState::kCloseWait);
  set_nothing_waits();
  set_silent(milliseconds(2000));
  snapshot().last_data_sent = milliseconds(9000);
  EXPECT_EQ(kinds(), Kinds{TroubleKind::kHalfClosed});
  EXPECT_EQ(fate(), Fate::kClientAbort);
}

TEST_F(TroubleTest, AHalfClosedConnectionBetweenRequestsPutsNoResponseAtStake) {
  set_state(TcpState::kCloseWait);
  set_nothing_waits();
  set_silent(milliseconds(2000));
  snapshot().last_data_recv = milliseconds(9000);
  EXPECT_EQ(kinds(), Kinds{TroubleKind::kHalfClosed});
  EXPECT_FALSE(fate());
}

TEST_F(TroubleTest, WhatTheKernelDidNotTellIsNotJudged) {
  socket_.record.snapshot.reset();
  EXPECT_FALSE(assess());
}

TEST_F(TroubleTest, EveryKindHasATokenOfItsOwn) {
  for (int i = 0; i < kTroubleKindCount; ++i) {
    for (int j = 0; j < i; ++j) {
      EXPECT_NE(to_token(static_cast<TroubleKind>(i)), to_token(static_cast<TroubleKind>(j)));
    }
  }
}

}  // namespace
}  // namespace connfate::cli

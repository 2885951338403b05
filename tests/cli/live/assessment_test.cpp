// SPDX-License-Identifier: Apache-2.0
#include "cli/live/assessment.hpp"

#include <gtest/gtest.h>

#include "cli/live/live_socket.hpp"

namespace connfate::cli {
namespace {

using std::chrono::milliseconds;
using Symptoms = std::vector<Symptom>;

constexpr milliseconds kOlder{1000};

class AssessmentTest : public testing::Test {
 protected:
  TcpSnapshot& snapshot() { return *socket_.record.snapshot; }
  std::optional<Assessment> assess() const { return cli::assess(socket_, kOlder); }
  Symptoms symptoms() const { return assess() ? assess()->symptoms : Symptoms{}; }
  std::optional<Fate> fate() const {
    const auto assessment = assess();
    return assessment && assessment->provisional ? std::optional(assessment->provisional->fate)
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

TEST_F(AssessmentTest, DataOnItsWayIsNoTrouble) {
  EXPECT_FALSE(assess());
}

TEST_F(AssessmentTest, DataOnItsWayForLongIsPending) {
  set_silent(milliseconds(1500));
  EXPECT_EQ(symptoms(), Symptoms{Symptom::kUnacked});
  EXPECT_EQ(fate(), Fate::kPending);
  EXPECT_EQ(assess()->unacked, Bytes{500});
}

TEST_F(AssessmentTest, AnIdleConnectionIsNoTrouble) {
  set_nothing_waits();
  set_silent(milliseconds(60'000));
  EXPECT_FALSE(assess());
}

TEST_F(AssessmentTest, ARetransmissionIsTroubleAtOnce) {
  snapshot().retransmits = 1;
  snapshot().backoff = 1;
  EXPECT_EQ(symptoms(), Symptoms{Symptom::kRetransmitting});
  EXPECT_EQ(fate(), Fate::kAckStalled);
  EXPECT_EQ(assess()->provisional->rule, "retransmitting");
}

TEST_F(AssessmentTest, WithoutAnOwnerItIsTheKernelsTimerThatGivesUp) {
  snapshot().retransmits = 3;
  set_state(TcpState::kFinWait1);
  socket_.record.unacked = {501};  // and our FIN
  socket_.has_owner = false;
  EXPECT_EQ(symptoms(), (Symptoms{Symptom::kRetransmitting, Symptom::kOrphaned}));
  EXPECT_EQ(fate(), Fate::kAckTimeout);
  EXPECT_EQ(assess()->unacked, Bytes{500});
}

TEST_F(AssessmentTest, AnOrphanThatWaitsForItsFinAloneIsNoTrouble) {
  set_state(TcpState::kFinWait1);
  socket_.record.unacked = {1};
  socket_.has_owner = false;
  set_silent(milliseconds(5000));
  EXPECT_FALSE(assess());
}

TEST_F(AssessmentTest, AClosedWindowIsTheClients) {
  snapshot().unacked = {0};
  snapshot().notsent = Bytes{500};
  snapshot().snd_wnd = Bytes{0};
  snapshot().backoff = 2;
  EXPECT_EQ(symptoms(), Symptoms{Symptom::kZeroWindow});
  EXPECT_EQ(fate(), Fate::kClientStalled);
  EXPECT_EQ(assess()->provisional->rule, "window-closed");
}

TEST_F(AssessmentTest, UnansweredProbesAreNotHeldAgainstTheClient) {
  snapshot().unacked = {0};
  snapshot().notsent = Bytes{500};
  snapshot().snd_wnd = Bytes{0};
  snapshot().probes = 3;
  EXPECT_EQ(symptoms(), Symptoms{Symptom::kProbingUnanswered});
  EXPECT_EQ(fate(), Fate::kAckStalled);
}

TEST_F(AssessmentTest, DataHeldBackHereIsTheServers) {
  snapshot().unacked = {0};
  snapshot().notsent = Bytes{500};
  EXPECT_FALSE(assess());  // corked for a moment
  set_silent(milliseconds(1500));
  EXPECT_EQ(symptoms(), Symptoms{Symptom::kHeldBack});
  EXPECT_EQ(fate(), Fate::kServerTimeout);
}

TEST_F(AssessmentTest, AHalfClosedClientThatWaitsForItsAnswer) {
  set_state(TcpState::kCloseWait);
  set_nothing_waits();
  set_silent(milliseconds(2000));
  snapshot().last_data_sent = milliseconds(9000);
  EXPECT_EQ(symptoms(), Symptoms{Symptom::kHalfClosed});
  EXPECT_EQ(fate(), Fate::kClientAbort);
}

TEST_F(AssessmentTest, AHalfClosedConnectionBetweenRequestsPutsNoResponseAtStake) {
  set_state(TcpState::kCloseWait);
  set_nothing_waits();
  set_silent(milliseconds(2000));
  snapshot().last_data_recv = milliseconds(9000);
  EXPECT_EQ(symptoms(), Symptoms{Symptom::kHalfClosed});
  EXPECT_FALSE(fate());
}

TEST_F(AssessmentTest, WhatTheKernelDidNotTellIsNotJudged) {
  socket_.record.snapshot.reset();
  EXPECT_FALSE(assess());
}

TEST_F(AssessmentTest, EverySymptomHasATokenOfItsOwn) {
  for (int i = 0; i < kSymptomCount; ++i) {
    for (int j = 0; j < i; ++j) {
      EXPECT_NE(to_token(static_cast<Symptom>(i)), to_token(static_cast<Symptom>(j)));
    }
  }
}

}  // namespace
}  // namespace connfate::cli

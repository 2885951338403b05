// SPDX-License-Identifier: Apache-2.0
#include "witness/silence/waiting_client.hpp"

#include <gtest/gtest.h>

#include "witness/repetitions.hpp"

namespace connfate::witness {
namespace {

using namespace wire;

/// What is added when `packet` was the end, and its sender is known to be `from`.
Attribution look(const Packet& packet, std::optional<RstFrom> from = RstFrom::kClient,
                 const Silence& silence = three_repetitions()) {
  Attribution end;
  end.rst_from = from;
  add_wait_in_vain(end, established(packet), {}, silence);
  return end;
}

bool is_in_vain(const Attribution& a) {
  return a.path_proven_alive || a.waited_in_vain;
}

/// W59: it may have been off the net until then.
TEST(WaitingClientTest, ItsResetAfterTheWaitTellsNothingOfTheTimeBefore) {
  const Attribution a = look(reset_ack(3799, kNext, 1));
  EXPECT_TRUE(a.waited_in_vain && has_rule(a, "D3")) << all_of(a);
  EXPECT_FALSE(a.path_proven_alive);
  EXPECT_EQ(a.rst_from, RstFrom::kClient);
  EXPECT_TRUE(says(a, "the client's reset came 3.0 s after the data was first sent"));
  EXPECT_TRUE(says(a, "whether the path or the client was away until then"));
}

TEST(WaitingClientTest, NeitherDoesItsFin) {
  const Attribution a = look(fin_in(3000), std::nullopt);
  EXPECT_TRUE(a.waited_in_vain && !a.path_proven_alive) << all_of(a);
  EXPECT_EQ(a.confidence, Confidence::kWeak);
  EXPECT_TRUE(says(a, "the client's FIN came 2.2 s after the data was first sent"));
}

TEST(WaitingClientTest, WhatWasLostAfterItsFinProvesThePath) {
  const Attribution a = look(fin_in(3000), std::nullopt, five_repetitions(3000));
  EXPECT_TRUE(a.path_proven_alive && has_rule(a, "D2") && !a.waited_in_vain) << all_of(a);
  EXPECT_EQ(a.confidence, Confidence::kStrong);
}

TEST(WaitingClientTest, ARepetitionThatItAnsweredWithARstWasNotLost) {
  Silence s = three_repetitions();
  s.ended_at = at(3950);
  s.snapshot.retransmits = 4;
  s.snapshot.rto = std::chrono::milliseconds(3200);
  s.snapshot.last_data_sent = std::chrono::milliseconds(150);
  s.snapshot.last_ack_recv = s.snapshot.last_data_recv = std::chrono::milliseconds(950);
  Attribution end;
  add_wait_in_vain(end, established(fin_in(3000), reset(3801, kNext + 1)), {}, s);
  EXPECT_TRUE(end.waited_in_vain && !end.path_proven_alive) << all_of(end);
}

TEST(WaitingClientTest, AFinThatItRepeatsThoughItWasAnsweredProvesThePath) {
  Attribution end;
  Silence s = three_repetitions();
  s.snapshot.last_ack_recv = std::chrono::milliseconds(600);
  add_wait_in_vain(end, established(fin_in(2300), fin_in(2600), fin_in(3200)), {}, s);
  EXPECT_TRUE(end.path_proven_alive && has_rule(end, "D7")) << all_of(end);
}

/// W63: too short to tell anything, and still on the line.
TEST(WaitingClientTest, AShortWaitIsTold) {
  const Attribution a = look(fin_in(1500), std::nullopt);
  EXPECT_FALSE(a.path_proven_alive || a.waited_in_vain) << all_of(a);
  EXPECT_TRUE(
      says(a, "data had been repeated without an answer when the client's FIN came, 700 ms"));
}

TEST(WaitingClientTest, AnEndThatMayHaveCrossedTheDataProvesNothing) {
  EXPECT_FALSE(is_in_vain(look(reset_ack(1500, kNext, 1))));
  EXPECT_FALSE(is_in_vain(look(fin_in(1500), std::nullopt)));
}

TEST(WaitingClientTest, AnEndThatAcknowledgesMoreProvesNothing) {
  EXPECT_FALSE(is_in_vain(look(reset_ack(3799, kNext, 501))));
  EXPECT_FALSE(is_in_vain(look(reset_ack(3799, kNext, 101))));
  EXPECT_FALSE(is_in_vain(look(fin_in(3000, kNext, 501), std::nullopt)));
}

TEST(WaitingClientTest, ABareResetAcknowledgesNothingAtAll) {
  EXPECT_FALSE(is_in_vain(look(reset(3799))));
}

TEST(WaitingClientTest, AResetOfAnybodyElseProvesNothing) {
  EXPECT_FALSE(is_in_vain(look(reset_ack(3799, kNext, 1), RstFrom::kUnknown)));
  EXPECT_FALSE(is_in_vain(look(reset_ack(3799, kNext, 1), RstFrom::kPath)));
}

TEST(WaitingClientTest, AFinFromAnotherDistanceProvesNothing) {
  EXPECT_FALSE(is_in_vain(look(with_ttl(fin_in(3000), 250), std::nullopt)));
}

TEST(WaitingClientTest, AClientThatDoesNotReadIsNotHeldAgainstThePath) {
  Silence s = three_repetitions();
  s.snapshot.snd_wnd = Bytes{0};
  EXPECT_FALSE(is_in_vain(look(reset_ack(3799, kNext, 1), RstFrom::kClient, s)));
}

TEST(WaitingClientTest, WithoutARepetitionThereWasNoWait) {
  Silence s = three_repetitions();
  s.snapshot.retransmits = 0;
  EXPECT_FALSE(is_in_vain(look(fin_in(3000), std::nullopt, s)));
}

}  // namespace
}  // namespace connfate::witness

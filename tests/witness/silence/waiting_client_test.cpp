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

TEST(WaitingClientTest, ItsResetAfterTheWaitSaysThatTheDataNeverCame) {
  const Attribution a = look(reset_ack(3799, kNext, 1));
  EXPECT_TRUE(a.path_proven_alive && has_rule(a, "D2")) << all_of(a);
  EXPECT_EQ(a.rst_from, RstFrom::kClient);
  EXPECT_EQ(a.confidence, Confidence::kStrong);
  EXPECT_TRUE(says(a, "the client's reset came 3.0 s after the data was first sent"));
}

TEST(WaitingClientTest, SoDoesItsFin) {
  const Attribution a = look(fin_in(3000), std::nullopt);
  EXPECT_TRUE(a.path_proven_alive) << all_of(a);
  EXPECT_TRUE(says(a, "the client's FIN came 2.2 s after the data was first sent"));
}

TEST(WaitingClientTest, AnEndThatMayHaveCrossedTheDataProvesNothing) {
  EXPECT_FALSE(look(reset_ack(1500, kNext, 1)).path_proven_alive);
  EXPECT_FALSE(look(fin_in(1500), std::nullopt).path_proven_alive);
}

TEST(WaitingClientTest, AnEndThatAcknowledgesMoreProvesNothing) {
  EXPECT_FALSE(look(reset_ack(3799, kNext, 501)).path_proven_alive);
  EXPECT_FALSE(look(reset_ack(3799, kNext, 101)).path_proven_alive);
  EXPECT_FALSE(look(fin_in(3000, kNext, 501), std::nullopt).path_proven_alive);
}

TEST(WaitingClientTest, ABareResetAcknowledgesNothingAtAll) {
  EXPECT_FALSE(look(reset(3799)).path_proven_alive);
}

TEST(WaitingClientTest, AResetOfAnybodyElseProvesNothing) {
  EXPECT_FALSE(look(reset_ack(3799, kNext, 1), RstFrom::kUnknown).path_proven_alive);
  EXPECT_FALSE(look(reset_ack(3799, kNext, 1), RstFrom::kPath).path_proven_alive);
}

TEST(WaitingClientTest, AFinFromAnotherDistanceProvesNothing) {
  EXPECT_FALSE(look(with_ttl(fin_in(3000), 250), std::nullopt).path_proven_alive);
}

TEST(WaitingClientTest, AClientThatDoesNotReadIsNotHeldAgainstThePath) {
  Silence s = three_repetitions();
  s.snapshot.snd_wnd = Bytes{0};
  EXPECT_FALSE(look(reset_ack(3799, kNext, 1), RstFrom::kClient, s).path_proven_alive);
}

TEST(WaitingClientTest, WithoutARepetitionThereWasNoWait) {
  Silence s = three_repetitions();
  s.snapshot.retransmits = 0;
  EXPECT_FALSE(look(fin_in(3000), std::nullopt, s).path_proven_alive);
}

}  // namespace
}  // namespace connfate::witness

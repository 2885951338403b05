// SPDX-License-Identifier: Apache-2.0
// D4: many clients of one network at once.
#include "witness/silence/silence_aggregate.hpp"

#include <gtest/gtest.h>

#include "witness/packets.hpp"

namespace connfate::witness {
namespace {

using namespace wire;

Endpoint client(int network, int host) {
  return flow(static_cast<std::uint8_t>(network), static_cast<std::uint8_t>(host)).remote;
}

/// Three clients of 192.0.2.0/24 fall silent, and three other networks answer.
SilenceAggregate three_silent() {
  SilenceAggregate a;
  for (int host = 1; host <= 3; ++host) a.note_silent(client(2, host), at(host * 1000));
  for (int network = 3; network <= 5; ++network) a.note_alive(client(network, 1), at(4000));
  return a;
}

TEST(SilenceAggregateTest, D4ThreeClientsOfOneNetwork) {
  Attribution a;
  add_shared_silence(three_silent(), client(2, 9), at(5000), a);
  EXPECT_TRUE(has_rule(a, "D4"));
  EXPECT_EQ(a.confidence, Confidence::kModerate);
  EXPECT_FALSE(a.path_proven_alive);
  EXPECT_TRUE(says(a, "3 clients of 192.0.2.0/24 fell silent within a minute while 3 other"));
}

TEST(SilenceAggregateTest, OneClientManyTimesIsOne) {
  SilenceAggregate a = three_silent();
  for (int i = 0; i < 9; ++i) a.note_silent(client(7, 1), at(4000 + i));
  EXPECT_FALSE(a.shared_silence(client(7, 1), at(5000)));
}

TEST(SilenceAggregateTest, NotWhenTheNetworkAnswers) {
  SilenceAggregate a = three_silent();
  a.note_alive(client(2, 8), at(4500));
  EXPECT_FALSE(a.shared_silence(client(2, 1), at(5000)));
}

TEST(SilenceAggregateTest, NotWhenNobodyElseAnswers) {
  SilenceAggregate a;
  for (int host = 1; host <= 3; ++host) a.note_silent(client(2, host), at(host * 1000));
  EXPECT_FALSE(a.shared_silence(client(2, 1), at(5000)));
}

TEST(SilenceAggregateTest, NotOverALongTime) {
  EXPECT_FALSE(three_silent().shared_silence(client(2, 1), at(62'000)));
}

TEST(SilenceAggregateTest, NotForAnotherNetwork) {
  Attribution a;
  add_shared_silence(three_silent(), client(9, 1), at(5000), a);
  EXPECT_TRUE(a.evidence.empty() && a.rules.empty());
}

TEST(SilenceAggregateTest, Ipv6ClientsShareA48) {
  SilenceAggregate a = three_silent();
  std::array<std::uint8_t, 16> address{0x20, 0x01, 0x0d, 0xb8, 0, 1};
  for (std::uint8_t i = 1; i <= 3; ++i) {
    address[7] = address[15] = i;
    a.note_silent(Endpoint::from(address, 443), at(4000));
  }
  const Endpoint one = Endpoint::from(address, 443);
  ASSERT_TRUE(a.shared_silence(one, at(5000)));
  EXPECT_EQ(prefix_text(one), "2001:db8:1::/48");
}

/// The networks 10.0.0.0/24, 10.0.1.0/24, ...
void note_many_alive(SilenceAggregate& a, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const std::array<std::uint8_t, 4> address{10, static_cast<std::uint8_t>(i >> 8),
                                              static_cast<std::uint8_t>(i), 1};
    a.note_alive(Endpoint::from(address, 1), at(4000));
  }
}

TEST(SilenceAggregateTest, MemoryIsBounded) {
  SilenceAggregate a;
  note_many_alive(a, SilenceAggregate::kCapacity + 1000);
  EXPECT_EQ(a.size(), SilenceAggregate::kCapacity);
}

TEST(SilenceAggregateTest, ForgetsTheNetworkThatItWasToldOfLongestAgo) {
  SilenceAggregate a = three_silent();  // its three live networks came last
  note_many_alive(a, SilenceAggregate::kCapacity - 4);
  EXPECT_TRUE(a.shared_silence(client(2, 1), at(5000)));
  a.note_alive(client(9, 1), at(4500));
  EXPECT_FALSE(a.shared_silence(client(2, 1), at(5000)));
}

/// At a site with more networks than are remembered.
TEST(SilenceAggregateTest, NotWhenTheNetworkMayHaveAnsweredAndBeenForgotten) {
  SilenceAggregate a;
  a.note_alive(client(2, 8), at(900));
  note_many_alive(a, SilenceAggregate::kCapacity);
  for (int host = 1; host <= 3; ++host) a.note_silent(client(2, host), at(4000 + host));
  EXPECT_FALSE(a.shared_silence(client(2, 1), at(5000)));
  for (int host = 1; host <= 3; ++host) a.note_silent(client(2, host), at(70'000 + host));
  for (int network = 3; network <= 5; ++network) a.note_alive(client(network, 1), at(70'500));
  EXPECT_TRUE(a.shared_silence(client(2, 1), at(71'000))) << "what was forgotten is too long ago";
}

TEST(SilenceAggregateTest, WhatIsForgottenOfOthersDoesNotMatter) {
  SilenceAggregate a;
  a.note_silent(client(2, 1), at(500));
  a.note_alive(client(3, 1), at(900));
  note_many_alive(a, SilenceAggregate::kCapacity - 2);
  for (int host = 2; host <= 3; ++host) a.note_silent(client(2, host), at(4000 + host));
  a.note_alive(client(4, 1), at(4500));
  ASSERT_EQ(a.size(), SilenceAggregate::kCapacity);
  EXPECT_TRUE(a.shared_silence(client(2, 1), at(5000)));
}

}  // namespace
}  // namespace connfate::witness

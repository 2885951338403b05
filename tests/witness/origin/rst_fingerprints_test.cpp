// SPDX-License-Identifier: Apache-2.0
// P3: one device that resets many clients.
#include <gtest/gtest.h>

#include "witness/origin/rst_origin.hpp"
#include "witness/packets.hpp"

namespace connfate::witness {
namespace {

using namespace wire;

/// About the first RST in the client's name.
bool ask(RstFingerprints& fingerprints, const WireHistory& history) {
  const auto reset = std::ranges::find_if(
      history.packets(), [](const Packet& p) { return p.rst && p.direction == Direction::kIn; });
  return reset != history.packets().end() &&
         fingerprints.is_one_device(history,
                                    static_cast<std::size_t>(reset - history.packets().begin()));
}

/// A client of 192.0.<network>.<host>, whose own packets come with `ttl`, reset with ttl 127.
WireHistory reset_client(std::uint8_t network, std::uint8_t host, int ttl, int rst_ttl = 127) {
  WireHistory h;
  for (Packet p :
       {syn(0), data(40, 1, 100), with_ttl(with_id(reset_ack(31'040), 10003), rst_ttl)}) {
    p.flow = flow(network, host);
    if (!p.rst) p.ttl = static_cast<std::uint8_t>(ttl);
    h.add(p);
  }
  return h;
}

/// Five clients of three networks, of which one is two hops nearer.
bool add_five(RstFingerprints& f) {
  ask(f, reset_client(2, 1, 52));
  ask(f, reset_client(2, 2, 52));
  ask(f, reset_client(3, 1, 52));
  ask(f, reset_client(3, 2, 52));
  return ask(f, reset_client(4, 1, 54));
}

TEST(RstFingerprintsTest, FiveResetsOverThreeNetworksAreOneDevice) {
  RstFingerprints f;
  EXPECT_TRUE(add_five(f));
}

TEST(RstFingerprintsTest, T28TheAggregateJoinsTheJudgement) {
  RstFingerprints f;
  add_five(f);
  const Attribution a = attribute_rst(reset_client(4, 2, 54), HostFacts{}, &f);
  EXPECT_TRUE(has_rule(a, "P3")) << all_of(a);
  EXPECT_EQ(a.confidence, Confidence::kModerate);  // P3 and P5 both rest on distance
}

TEST(RstFingerprintsTest, FourResetsAreTooFew) {
  RstFingerprints f;
  ask(f, reset_client(2, 1, 52));
  ask(f, reset_client(3, 1, 52));
  ask(f, reset_client(4, 1, 54));
  EXPECT_FALSE(ask(f, reset_client(4, 2, 54)));
}

TEST(RstFingerprintsTest, TwoNetworksAreTooFew) {
  RstFingerprints f;
  for (std::uint8_t host = 1; host < 9; ++host) {
    EXPECT_FALSE(ask(f, reset_client(host % 2, host, 52 + host)));
  }
}

TEST(RstFingerprintsTest, ClientsAtOneDistanceMayHaveOneStack) {
  RstFingerprints f;
  for (std::uint8_t host = 1; host < 9; ++host) {
    EXPECT_FALSE(ask(f, reset_client(host, host, 52)));
  }
}

TEST(RstFingerprintsTest, ResetsFromWhereTheirClientsAreNeedNoDevice) {
  RstFingerprints f;
  for (std::uint8_t host = 1; host < 9; ++host) {
    EXPECT_FALSE(ask(f, reset_client(host, host, 50 + host, 50 + host)));
  }
  EXPECT_EQ(f.size(), 0U);
}

TEST(RstFingerprintsTest, WhatWasSeenAnHourAgoIsForgotten) {
  RstFingerprints f;
  add_five(f);
  const WireHistory earlier = reset_client(4, 2, 54);
  WireHistory later;
  for (Packet p : earlier.packets()) {
    p.at += std::chrono::minutes(61);
    later.add(p);
  }
  EXPECT_FALSE(ask(f, later));
}

TEST(RstFingerprintsTest, OneConnectionCountsOnce) {
  RstFingerprints f;
  ask(f, reset_client(2, 1, 52));
  ask(f, reset_client(3, 1, 52));
  for (int i = 0; i < 9; ++i) EXPECT_FALSE(ask(f, reset_client(4, 1, 54)));
}

TEST(RstFingerprintsTest, MemoryIsBounded) {
  RstFingerprints f;
  for (int ttl = 1; ttl < 250; ++ttl) {
    for (int window = 0; window < 8; ++window) {
      WireHistory h = history(syn(0));
      Packet p = with_ttl(reset_ack(ttl * 10 + window), ttl);
      p.window = static_cast<std::uint16_t>(window);
      h.add(p);
      ask(f, h);
    }
  }
  EXPECT_EQ(f.size(), RstFingerprints::kCapacity);
}

}  // namespace
}  // namespace connfate::witness

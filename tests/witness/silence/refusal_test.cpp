// SPDX-License-Identifier: Apache-2.0
#include "witness/silence/refusal.hpp"

#include <gtest/gtest.h>

#include "witness/packets.hpp"
#include "witness/repetitions.hpp"

namespace connfate::witness {
namespace {

using namespace wire;

Endpoint router() {
  const std::array<std::uint8_t, 4> address{203, 0, 113, 9};
  return Endpoint::from(address, 0);
}

IcmpError prohibited(double ms, Endpoint sender = router()) {
  return {at(ms), flow(), sender, 3, 13};
}

/// The client was last heard at 40 ms; this host gave up at 3800 ms.
bool refuses(const IcmpError& error) {
  return is_refused_on_path(error, at(40), at(3800));
}

TEST(RefusalTest, AProhibitionOfSomebodyBetweenIsOne) {
  for (const int code : {2, 3, 9, 10, 13}) {
    IcmpError error = prohibited(900);
    error.code = static_cast<std::uint8_t>(code);
    EXPECT_TRUE(refuses(error)) << code;
  }
}

/// A router says so as well when it is the client that is gone.
TEST(RefusalTest, ThatSomethingIsNotThereNamesNobody) {
  const std::array<std::pair<int, int>, 5> kinds{{{3, 0}, {3, 1}, {3, 4}, {11, 0}, {12, 0}}};
  for (const auto& [type, code] : kinds) {
    IcmpError error = prohibited(900);
    error.type = static_cast<std::uint8_t>(type);
    error.code = static_cast<std::uint8_t>(code);
    EXPECT_FALSE(refuses(error)) << type << "/" << code;
  }
}

TEST(RefusalTest, NeitherEndIsAPath) {
  EXPECT_FALSE(refuses(prohibited(900, flow().remote))) << "the client's own firewall";
  EXPECT_FALSE(refuses(prohibited(900, flow().local))) << "this host's own rules";
}

TEST(RefusalTest, WhatTheClientOutlivedIsNone) {
  EXPECT_FALSE(refuses(prohibited(30)));
  EXPECT_TRUE(refuses(prohibited(41)));
}

TEST(RefusalTest, WhatFollowedTheEndIsNone) {
  EXPECT_FALSE(refuses(prohibited(3801)));
  EXPECT_TRUE(is_refused_on_path(prohibited(3801), at(40), std::nullopt)) << "nobody gave up yet";
}

TEST(RefusalTest, Icmpv6HasNumbersOfItsOwn) {
  std::array<std::uint8_t, 16> address{0x20, 0x01, 0x0d, 0xb8};
  IcmpError error = prohibited(900);
  error.flow = {Endpoint::from(address, 443), Endpoint::from(address, 40000)};
  EXPECT_FALSE(refuses(error)) << "3/13 means nothing there";
  error.type = 1;
  for (const auto& [code, expected] :
       {std::pair{0, false}, {1, true}, {3, false}, {4, true}, {5, true}, {6, true}}) {
    error.code = static_cast<std::uint8_t>(code);
    EXPECT_EQ(refuses(error), expected) << code;
  }
}

}  // namespace
}  // namespace connfate::witness

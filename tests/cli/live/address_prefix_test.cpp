// SPDX-License-Identifier: Apache-2.0
#include "cli/address_prefix.hpp"

#include <gtest/gtest.h>

namespace connfate::cli {
namespace {

bool contains(std::string_view prefix, std::string_view address) {
  const auto network = parse_prefix(prefix);
  const auto client = parse_prefix(address);
  return network && client && network->contains(client->network);
}

TEST(AddressPrefixTest, AnAddressIsItselfAlone) {
  EXPECT_TRUE(contains("192.0.2.7", "192.0.2.7"));
  EXPECT_FALSE(contains("192.0.2.7", "192.0.2.8"));
  EXPECT_TRUE(contains("2001:db8::1", "2001:db8::1"));
}

TEST(AddressPrefixTest, APrefixHoldsItsNetwork) {
  EXPECT_TRUE(contains("192.0.2.0/25", "192.0.2.127"));
  EXPECT_FALSE(contains("192.0.2.0/25", "192.0.2.128"));
  EXPECT_TRUE(contains("2001:db8::/33", "2001:db8:7fff::1"));
  EXPECT_FALSE(contains("2001:db8::/33", "2001:db8:8000::1"));
  EXPECT_TRUE(contains("0.0.0.0/0", "203.0.113.9"));
}

TEST(AddressPrefixTest, IPv4IsTheSameInAnIPv6Listener) {
  EXPECT_TRUE(contains("192.0.2.0/24", "::ffff:192.0.2.9"));
  EXPECT_FALSE(contains("0.0.0.0/0", "2001:db8::1"));
}

TEST(AddressPrefixTest, NothingElseIsAPrefix) {
  for (const char* text : {"", "/", "x", "192.0.2.0/33", "192.0.2.0/", "192.0.2.0/-1", "1.2.3",
                           "2001:db8::/129", "192.0.2.0/2 ", "[::1]"}) {
    EXPECT_FALSE(parse_prefix(text)) << text;
  }
}

}  // namespace
}  // namespace connfate::cli

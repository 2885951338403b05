// SPDX-License-Identifier: Apache-2.0
#include "witness/daemon/quantity.hpp"

#include <gtest/gtest.h>

namespace connfate::witness {
namespace {

using std::chrono::milliseconds;

TEST(QuantityTest, DurationsHaveAUnit) {
  EXPECT_EQ(parse_duration("250ms"), milliseconds(250));
  EXPECT_EQ(parse_duration("2s"), milliseconds(2000));
  EXPECT_EQ(parse_duration("3min"), milliseconds(180'000));
  EXPECT_EQ(parse_duration("0s"), milliseconds(0));
}

TEST(QuantityTest, SizesMayHaveOne) {
  EXPECT_EQ(parse_size("1000000"), 1'000'000U);
  EXPECT_EQ(parse_size("64kB"), 64'000U);
  EXPECT_EQ(parse_size("256MB"), 256'000'000U);
  EXPECT_EQ(parse_size("2GB"), 2'000'000'000U);
}

TEST(QuantityTest, AnythingElseIsRefused) {
  for (const char* text : {"", "s", "2", "-2s", "2 s", "2.5s", "2sec", "2s ", "0x2s", "1441min",
                           "99999999999999999999ms"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
  for (const char* text : {"", "MB", "-1", "1MiB", "1mb", "18446744073709551615GB"}) {
    EXPECT_FALSE(parse_size(text)) << text;
  }
}

}  // namespace
}  // namespace connfate::witness

// SPDX-License-Identifier: Apache-2.0
#include "witness/web/web_address.hpp"

#include <gtest/gtest.h>

namespace connfate::witness {
namespace {

TEST(WebAddressTest, IsAnAddressWithAPortOrAPath) {
  const auto four = parse_web_address("127.0.0.1:9753");
  ASSERT_TRUE(four);
  EXPECT_EQ(four->ip.to_string(), "127.0.0.1");
  EXPECT_EQ(four->port, 9753);
  EXPECT_TRUE(four->is_private());
  const auto six = parse_web_address("[::1]:80");
  ASSERT_TRUE(six);
  EXPECT_TRUE(six->ip.is_v6() && six->is_private());
  const auto path = parse_web_address("/run/connfate/web.sock");
  ASSERT_TRUE(path);
  EXPECT_TRUE(path->is_unix() && path->is_private());
}

TEST(WebAddressTest, WhatOthersCanReachIsNotPrivate) {
  for (const char* text : {"0.0.0.0:9753", "[::]:9753", "192.0.2.1:9753"}) {
    const auto address = parse_web_address(text);
    ASSERT_TRUE(address) << text;
    EXPECT_FALSE(address->is_private()) << text;
  }
}

TEST(WebAddressTest, AnythingElseIsRefused) {
  for (const char* text : {"", "9753", ":9753", "localhost:9753", "127.0.0.1",
                           "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:65536", "127.0.0.1:80x",
                           "::1:9753", "[::1]", "web.sock", "http://127.0.0.1:80"}) {
    EXPECT_FALSE(parse_web_address(text)) << text;
  }
}

}  // namespace
}  // namespace connfate::witness

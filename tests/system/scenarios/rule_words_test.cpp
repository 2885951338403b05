// SPDX-License-Identifier: Apache-2.0
// The check of a rule's sentence against the tokens beside it.
#include "system/scenarios/rule_words.hpp"

#include <gtest/gtest.h>

namespace connfate::harness {
namespace {

using Fields = std::map<std::string, std::string, std::less<>>;

bool agrees(Fields fields, std::string uri = "GET / HTTP/1.1") {
  const LogLine line{.uri = std::move(uri), .fields = std::move(fields)};
  return denied_by_its_rule(line).empty();
}

TEST(RuleWordsTest, ALineThatAgreesWithItselfIsFine) {
  EXPECT_TRUE(agrees({{"rule", "all-acked"}, {"fate", "delivered"}, {"unacked", "0"}}));
  EXPECT_TRUE(agrees({{"rule", "fin-then-rst"}, {"fate", "broken_pipe"}, {"close", "rst"}}));
}

TEST(RuleWordsTest, ARuleIsAboutOneFate) {
  EXPECT_FALSE(agrees({{"rule", "ended-early"}, {"fate", "client_abort"}}));
  EXPECT_FALSE(agrees({{"rule", "nonsense"}, {"fate", "delivered"}}));
}

TEST(RuleWordsTest, WhatIsSentAgainIsStuck) {
  EXPECT_FALSE(agrees({{"rule", "acks-advancing"}, {"fate", "server_timeout"}, {"backoff", "4"}}));
}

TEST(RuleWordsTest, AStreamIsCancelledOnALiveHttp2Connection) {
  const Fields live{{"rule", "stream-cancelled"}, {"fate", "stream_reset"}};
  Fields dead = live;
  dead["tcp_state"] = "CLOSE";
  EXPECT_TRUE(agrees(live, "GET / HTTP/2.0"));
  EXPECT_FALSE(agrees(live, "GET / HTTP/1.1"));
  EXPECT_FALSE(agrees(dead, "GET / HTTP/2.0"));
}

}  // namespace
}  // namespace connfate::harness

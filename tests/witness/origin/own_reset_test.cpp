// SPDX-License-Identifier: Apache-2.0
// RSTs that left this host: its own decision, or a consequence.
#include <gtest/gtest.h>

#include "witness/origin/rst_origin.hpp"
#include "witness/packets.hpp"

namespace connfate::witness {
namespace {

using namespace wire;

Attribution judge(const WireHistory& history, const HostFacts& host = {}) {
  return attribute_rst(history, host, nullptr);
}

TEST(OwnResetTest, AbortOfThisHostIsProven) {
  const Attribution a = judge(established(own_reset(80, true)));
  EXPECT_EQ(a.rst_from, RstFrom::kSelf) << all_of(a);
  EXPECT_EQ(a.confidence, Confidence::kProven);
  EXPECT_TRUE(says(a, "why it was sent cannot be told"));
}

TEST(OwnResetTest, UnreadRequestIsTheCause) {
  HostFacts host;
  host.unread = Bytes{4907};
  const Attribution a = judge(established(own_reset(80, true)), host);
  EXPECT_TRUE(says(a, "the request was not read to its end: 4907 bytes were left")) << all_of(a);
}

TEST(OwnResetTest, ReplyWithoutASocketMayBeAFirewalls) {
  HostFacts host;
  host.unread = Bytes{4907};
  const Attribution a = judge(established(own_reset(80, false)), host);
  EXPECT_EQ(a.rst_from, RstFrom::kSelf) << all_of(a);
  EXPECT_TRUE(says(a, "a firewall of this host answered"));
  EXPECT_FALSE(says(a, "not read to its end"));
}

TEST(OwnResetTest, ResetsOfTheClientAfterOursFollowFromIt) {
  const Attribution a = judge(established(own_reset(80, true), with_ttl(reset(90), 64)));
  EXPECT_EQ(a.rst_from, RstFrom::kSelf) << all_of(a);
  EXPECT_TRUE(a.rules.empty());
}

TEST(OwnResetTest, AnswerAfterTheSocketWasGoneEndsNothing) {
  HostFacts host;
  host.destroyed_at = at(2800);
  const Attribution a = judge(established(fin_in(7000), own_reset(7000.1, false)), host);
  EXPECT_FALSE(a.rst_from) << all_of(a);
  EXPECT_TRUE(says(a, "consequence: its socket had been gone for 4.2 s"));
}

TEST(OwnResetTest, AbortLongAfterTheSocketWasGoneEndsNothing) {
  HostFacts host;
  host.destroyed_at = at(80);
  EXPECT_FALSE(judge(established(own_reset(900, true)), host).rst_from);
}

TEST(OwnResetTest, DestroyEventOfTheAbortItselfMayComeFirst) {
  HostFacts host;
  host.destroyed_at = at(79.9);
  EXPECT_EQ(judge(established(own_reset(80, true)), host).rst_from, RstFrom::kSelf);
}

TEST(OwnResetTest, AnswerAfterBothSidesHadClosedEndsNothing) {
  const Attribution a =
      judge(established(fin_out(90, 1001), fin_in(130, kNext, 1002), own_reset(131, false)));
  EXPECT_FALSE(a.rst_from) << all_of(a);
  EXPECT_TRUE(says(a, "both sides had closed"));
}

TEST(OwnResetTest, GapsMakeAReplyLessThanProven) {
  HostFacts host;
  host.packets_lost = 2;  // perhaps the reset of somebody else
  const Attribution a = judge(established(own_reset(80, false)), host);
  EXPECT_EQ(a.confidence, Confidence::kModerate) << all_of(a);
}

TEST(OwnResetTest, IgnoredResetBeforeOursIsNoEnd) {
  const Attribution a = judge(established(reset(60, 1), own_reset(80, true)));
  EXPECT_EQ(a.rst_from, RstFrom::kSelf) << all_of(a);
}

}  // namespace
}  // namespace connfate::witness

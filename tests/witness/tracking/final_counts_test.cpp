// SPDX-License-Identifier: Apache-2.0
#include "witness/tracking/final_counts.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "connfate/rules.hpp"
#include "witness/verdict/connection_verdict.hpp"
#include "witness/verdict/final_verdict.hpp"

namespace connfate::witness {
namespace {

constexpr auto at(auto value) {
  return static_cast<std::size_t>(value);
}

FinalLine response(std::string server, Fate fate, By by) {
  FinalLine line;
  line.server = std::move(server);
  line.fate = fate;
  line.by = by;
  return line;
}

TEST(FinalCountsTest, CountResponsesByServerFateAndParty) {
  FinalCounts counts;
  counts.add(response("nginx", Fate::kRstReceived, By::kPath));
  counts.add(response("nginx", Fate::kRstReceived, By::kPath));
  counts.add(response("httpd", Fate::kRstReceived, By::kClient));
  counts.add(response("another", Fate::kDelivered, By::kNobody));
  const auto of = [&](ServerName server, Fate fate, By by) {
    return counts.responses[at(server)][at(fate)][at(by)];
  };
  EXPECT_EQ(of(ServerName::kNginx, Fate::kRstReceived, By::kPath), 2U);
  EXPECT_EQ(of(ServerName::kHttpd, Fate::kRstReceived, By::kClient), 1U);
  EXPECT_EQ(of(ServerName::kNginx, Fate::kRstReceived, By::kClient), 0U);
  EXPECT_EQ(of(ServerName::kOther, Fate::kDelivered, By::kNobody), 1U);
}

TEST(FinalCountsTest, WhatIsStillInProgressHasNotEnded) {
  FinalCounts counts;
  FinalLine line = response("nginx", Fate::kAckStalled, By::kPeer);
  line.final = false;
  line.reason = "in_progress";
  line.unacked = Bytes{1000};
  counts.add(line);
  EXPECT_EQ(counts.responses[at(ServerName::kNginx)][at(Fate::kAckStalled)][at(By::kPeer)], 0U);
  EXPECT_EQ(counts.unacked_bytes[at(Fate::kAckStalled)], 0U);
  line.reason = "evicted";  // nothing better will come
  counts.add(line);
  EXPECT_EQ(counts.responses[at(ServerName::kNginx)][at(Fate::kAckStalled)][at(By::kPeer)], 1U);
  EXPECT_EQ(counts.unacked_bytes[at(Fate::kAckStalled)], 1000U);
}

TEST(FinalCountsTest, ConnectionsAndResetsAreCountedApart) {
  FinalCounts counts;
  FinalLine line = response("", Fate::kNoRequest, By::kNobody);
  line.about = FinalLine::About::kConnection;
  line.rst_from = RstFrom::kClient;
  line.confidence = Confidence::kStrong;
  counts.add(line);
  EXPECT_EQ(counts.connections[at(Fate::kNoRequest)][at(By::kNobody)], 1U);
  EXPECT_EQ(counts.responses[at(ServerName::kOther)][at(Fate::kNoRequest)][at(By::kNobody)], 0U);
  EXPECT_EQ(counts.resets[at(RstFrom::kClient)][at(Confidence::kStrong)], 1U);
}

TEST(FinalCountsTest, WhatArrivedWithoutALineCountsToo) {
  FinalCounts counts;
  counts.add_delivered("httpd");
  EXPECT_EQ(counts.responses[at(ServerName::kHttpd)][at(Fate::kDelivered)][at(By::kNobody)], 1U);
}

bool is_possible(Fate fate, By by) {
  const auto parties = parties_of(fate);
  return std::find(parties.begin(), parties.end(), by) != parties.end();
}

/// A rate() of a series that begins with its first event misses that event.
TEST(FinalCountsTest, EveryRulesVerdictIsShownFromTheStart) {
  for (const Rule& rule : rules()) {
    EXPECT_TRUE(is_possible(rule.fate, rule.by.value_or(usual_by(rule.fate)))) << rule.id;
  }
  for (const ConnectionRule& rule : connection_rules()) {
    EXPECT_TRUE(is_possible(rule.fate, usual_by(rule.fate))) << rule.id;
  }
  for (const FinalRule& rule : final_rules()) {
    const bool shown =
        !rule.fate || is_possible(*rule.fate, rule.by.value_or(usual_by(*rule.fate)));
    EXPECT_TRUE(shown) << rule.id;
  }
}

}  // namespace
}  // namespace connfate::witness

// SPDX-License-Identifier: Apache-2.0
#include "connfate/detail.hpp"

#include <gtest/gtest.h>

#include "unit/sample_observation.hpp"

namespace connfate {
namespace {

Observation delivered(Close close) {
  Observation o = fixture::healthy_observation();
  o.verdict.fate = Fate::kDelivered;
  o.verdict.close = close;
  return o;
}

TEST(DetailTest, DeliveredIsHealthyUnlessARstOrAnErrorCame) {
  for (const Close close : {Close::kOpen, Close::kFin, Close::kLocal}) {
    EXPECT_TRUE(is_healthy(delivered(close)));
  }
  for (const Close close : {Close::kRst, Close::kTimeout, Close::kIcmp, Close::kUnknown}) {
    EXPECT_FALSE(is_healthy(delivered(close)));
  }
}

TEST(DetailTest, PendingIsHealthyOnAnOpenConnectionAlone) {
  Observation o = fixture::healthy_observation();
  EXPECT_TRUE(is_healthy(o));
  o.verdict.close = Close::kFin;
  EXPECT_FALSE(is_healthy(o));
}

TEST(DetailTest, WhatWasRepeatedOrRefusedOrFailedIsLoggedWhole) {
  Observation repeated = delivered(Close::kOpen);
  repeated.retrans = Segments{1};
  EXPECT_FALSE(is_healthy(repeated));
  Observation refused = delivered(Close::kOpen);
  refused.evidence.refused = Bytes{1};
  EXPECT_FALSE(is_healthy(refused));
  Observation failed = delivered(Close::kOpen);
  failed.evidence.error = SocketError{EPIPE, Operation::kWrite};
  EXPECT_FALSE(is_healthy(failed));
}

TEST(DetailTest, OnASharedStreamTheConnectionsOwnCountDecides) {
  Observation o = delivered(Close::kOpen);
  o.retrans.reset();
  EXPECT_TRUE(is_healthy(o));
  o.evidence.snapshot->total_retrans = Segments{1};
  EXPECT_FALSE(is_healthy(o));
}

TEST(DetailTest, EveryOtherFateIsLoggedWhole) {
  Observation o = fixture::healthy_observation();
  for (std::size_t i = 0; i < kFateCount; ++i) {
    o.verdict.fate = static_cast<Fate>(i);
    const bool is_good = o.verdict.fate == Fate::kDelivered || o.verdict.fate == Fate::kPending;
    EXPECT_EQ(is_healthy(o), is_good) << to_token(o.verdict.fate);
  }
}

TEST(DetailTest, TheWordsOfTheDirectives) {
  EXPECT_EQ(parse_detail("full"), Detail::kFull);
  EXPECT_EQ(parse_detail("Trouble"), Detail::kTrouble);
  EXPECT_FALSE(parse_detail("short"));
  EXPECT_FALSE(parse_detail(""));
}

}  // namespace
}  // namespace connfate

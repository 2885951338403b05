// SPDX-License-Identifier: Apache-2.0
#include "witness/attribution/attribution.hpp"

#include <gtest/gtest.h>

namespace connfate::witness {
namespace {

TEST(AttributionTest, TokensAreTheContractsOnes) {
  EXPECT_EQ(to_token(RstFrom::kClient), "client");
  EXPECT_EQ(to_token(RstFrom::kPath), "path");
  EXPECT_EQ(to_token(RstFrom::kSelf), "self");
  EXPECT_EQ(to_token(RstFrom::kUnknown), "unknown");
  EXPECT_EQ(to_token(Confidence::kNone), "none");
  EXPECT_EQ(to_token(Confidence::kWeak), "weak");
  EXPECT_EQ(to_token(Confidence::kModerate), "moderate");
  EXPECT_EQ(to_token(Confidence::kStrong), "strong");
  EXPECT_EQ(to_token(Confidence::kProven), "proven");
}

TEST(AttributionTest, ConfidencesAreOrdered) {
  EXPECT_LT(Confidence::kNone, Confidence::kWeak);
  EXPECT_LT(Confidence::kWeak, Confidence::kModerate);
  EXPECT_LT(Confidence::kModerate, Confidence::kStrong);
  EXPECT_LT(Confidence::kStrong, Confidence::kProven);
}

TEST(AttributionTest, NothingIsAttributedToBeginWith) {
  const Attribution a;
  EXPECT_FALSE(a.rst_from);
  EXPECT_EQ(a.confidence, Confidence::kNone);
  EXPECT_FALSE(a.path_proven_alive);
}

}  // namespace
}  // namespace connfate::witness

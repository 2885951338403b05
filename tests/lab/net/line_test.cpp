// SPDX-License-Identifier: Apache-2.0
// What a line does to frames repeats itself, and keeps its order unless it is told not to.
#include "lab/net/line.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace connfate::lab {
namespace {

using namespace std::chrono_literals;

constexpr std::uint16_t kPort = 40000;
constexpr Line::Instant kBegin{1h};

/// The arrivals of `count` frames that come a millisecond apart.
std::vector<Line::Instant> arrivals(const Impairment& impairment, int count,
                                    std::uint16_t port = kPort) {
  Line line;
  line.set(impairment);
  std::vector<Line::Instant> all;
  for (int i = 0; i < count; ++i) {
    for (const auto at : line.carry(port, kBegin + i * 1ms)) all.push_back(at);
  }
  return all;
}

TEST(LineTest, AGoodLineIsInstant) {
  EXPECT_EQ(arrivals({}, 1), std::vector{kBegin});
}

TEST(LineTest, JitterKeepsTheOrder) {
  const auto all = arrivals({.delay = 10ms, .jitter = 20ms}, 500);
  EXPECT_EQ(all.size(), 500U);
  EXPECT_TRUE(std::is_sorted(all.begin(), all.end()));
  EXPECT_GE(all.front(), kBegin + 10ms);
  EXPECT_LE(all.back(), kBegin + 499ms + 30ms);
}

TEST(LineTest, TheSameSeedMeansTheSameFate) {
  const Impairment one{.loss = 0.3, .duplicate = 0.1, .seed = 5};
  const Impairment other{.loss = 0.3, .duplicate = 0.1, .seed = 6};
  EXPECT_EQ(arrivals(one, 200), arrivals(one, 200));
  EXPECT_NE(arrivals(one, 200), arrivals(other, 200));
}

TEST(LineTest, LossIsAsFrequentAsAsked) {
  const auto survivors = arrivals({.loss = 0.25}, 4000).size();
  EXPECT_NEAR(static_cast<double>(survivors), 3000, 150);
}

TEST(LineTest, OthersOvertakeWhatIsHeldBack) {
  const auto all = arrivals({.reorder = 0.1, .held_back = 5ms}, 500);
  EXPECT_EQ(all.size(), 500U);
  EXPECT_FALSE(std::is_sorted(all.begin(), all.end()));
}

TEST(LineTest, WhatIsExemptGetsTheDelayOnly) {
  const Impairment bad{.delay = 1ms, .loss = 1, .from_client_port = kPort};
  EXPECT_EQ(arrivals(bad, 3, kPort).size(), 0U);
  EXPECT_EQ(arrivals(bad, 3, kPort - 1).size(), 3U);
  EXPECT_EQ(arrivals(bad, 1, 0), std::vector{kBegin + 1ms});  // no TCP
}

}  // namespace
}  // namespace connfate::lab

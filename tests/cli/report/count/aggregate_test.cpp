// SPDX-License-Identifier: Apache-2.0
// What is counted over time, size and seconds.
#include "cli/report/count/aggregate.hpp"

#include <gtest/gtest.h>

namespace connfate::cli::report {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(TimelineTest, becomes_coarser_and_loses_nothing) {
  Timeline timeline;
  for (int i = 0; i < 20'000; ++i)
    timeline.add(log::LogTime(seconds(i * 7)), Fate::kDelivered, By::kNobody);
  EXPECT_LE(timeline.buckets().size(), Timeline::kMostBuckets);
  EXPECT_GT(timeline.width(), 1);
  std::uint64_t sum = 0;
  for (const auto& [start, fates] : timeline.buckets()) sum += fates.total();
  EXPECT_EQ(sum, 20'000U);
}

TEST(TimelineTest, takes_lines_in_any_order_and_times_before_1970) {
  Timeline timeline;
  timeline.add(log::LogTime(seconds(100)), Fate::kDelivered, By::kNobody);
  timeline.add(log::LogTime(seconds(-100)), Fate::kDelivered, By::kNobody);
  timeline.add(log::LogTime(seconds(100)), Fate::kPending, By::kNobody);
  EXPECT_EQ(timeline.buckets().size(), 2U);
  const Timeline coarse = timeline.coarser(3);
  EXPECT_EQ(coarse.buckets().begin()->first % coarse.width(), 0);
  EXPECT_LE(coarse.buckets().size(), 3U);
}

TEST(TimelineTest, a_log_of_centuries_is_bounded_too) {
  Timeline timeline;
  for (std::int64_t i = 0; i < 10'000; ++i) {
    timeline.add(log::LogTime(seconds(i * 25'000'000)), Fate::kDelivered, By::kNobody);
  }
  EXPECT_LE(timeline.buckets().size(), Timeline::kMostBuckets);
}

TEST(SizeBinsTest, edges_belong_to_the_bin_above) {
  EXPECT_EQ(kSizeEdges[size_bin(0)], 0U);
  EXPECT_EQ(kSizeEdges[size_bin(1399)], 1300U);
  EXPECT_EQ(kSizeEdges[size_bin(1400)], 1400U);
  EXPECT_EQ(kSizeEdges[size_bin(~std::uint64_t{0})], 1048576U);
}

/// `above` and `below` failures of 100 requests in each bin.
SizeBins bins_with(std::uint64_t edge, std::uint32_t above, std::uint32_t below) {
  SizeBins bins;
  for (std::size_t i = 0; i < kSizeBinCount; ++i) {
    bins.requests[i] = 100;
    bins.unacknowledged[i] = kSizeEdges[i] >= edge ? above : below;
  }
  return bins;
}

TEST(SizeBinsTest, finds_a_step) {
  EXPECT_EQ(find_step(bins_with(1400, 90, 0)).edge, 1400U);
  EXPECT_EQ(find_step(bins_with(1400, 90, 2)).edge, 1400U);
}

TEST(SizeBinsTest, sees_no_step_where_there_is_none) {
  EXPECT_EQ(find_step(bins_with(1400, 10, 2)).edge, 0U);
  EXPECT_EQ(find_step(bins_with(0, 10, 0)).edge, 0U);
  EXPECT_EQ(find_step(SizeBins{}).edge, 0U);
}

TEST(SizeBinsTest, a_rate_that_grows_with_the_size_is_no_step) {
  SizeBins bins;
  for (std::size_t i = 0; i < kSizeBinCount; ++i) {
    bins.requests[i] = 1000;
    bins.unacknowledged[i] = static_cast<std::uint32_t>(1U << i) / 32;
  }
  const SizeStep step = find_step(bins);
  EXPECT_TRUE(step.edge == 0 || step.failed_above >= 20 * step.failed_below);
}

TEST(SecondsTest, finds_the_cliff_and_names_the_timer) {
  SecondsHistogram histogram;
  for (int i = 0; i < 20; ++i) histogram.add(milliseconds(60'001 + i));
  for (int i = 0; i < 10; ++i) histogram.add(seconds(i));
  const auto cliff = histogram.cliff();
  ASSERT_TRUE(cliff);
  EXPECT_EQ(cliff->seconds, 60);
  EXPECT_EQ(cliff->inside, 20U);
  EXPECT_EQ(cliff->failures, 30U);
  EXPECT_FALSE(cliff->timer.empty());
}

/// What the clock of a server's event loop makes of a client's 5 s.
TEST(SecondsTest, a_timer_is_not_taken_for_the_second_before) {
  SecondsHistogram histogram;
  for (int i = 0; i < 30; ++i) histogram.add(milliseconds(4990 + i));
  EXPECT_EQ(histogram.cliff()->seconds, 5);
}

/// A client's clock begins a round trip or two before its request is here.
TEST(SecondsTest, a_timer_is_where_most_are_and_the_window_holds_all) {
  SecondsHistogram histogram;
  for (int i = 0; i < 5; ++i) histogram.add(milliseconds(4850 + i));
  for (int i = 0; i < 94; ++i) histogram.add(milliseconds(4985 + i));
  const auto cliff = histogram.cliff();
  ASSERT_TRUE(cliff);
  EXPECT_EQ(cliff->from, 4);
  EXPECT_EQ(cliff->seconds, 5);
  EXPECT_EQ(cliff->inside, 99U);
}

TEST(SecondsTest, a_known_timer_of_the_window_is_named_though_most_are_late) {
  SecondsHistogram histogram;
  for (int i = 0; i < 8; ++i) histogram.add(milliseconds(60'500 + i));
  for (int i = 0; i < 12; ++i) histogram.add(milliseconds(61'100 + i));
  const auto cliff = histogram.cliff();
  ASSERT_TRUE(cliff);
  EXPECT_EQ(cliff->from, 60);
  EXPECT_EQ(cliff->seconds, 60);
  EXPECT_FALSE(cliff->timer.empty());
}

TEST(SecondsTest, a_cliff_at_no_known_timer_has_no_name) {
  SecondsHistogram histogram;
  for (int i = 0; i < 20; ++i) histogram.add(seconds(77));
  EXPECT_EQ(histogram.cliff()->seconds, 77);
  EXPECT_TRUE(histogram.cliff()->timer.empty());
}

TEST(SecondsTest, no_cliff_when_few_or_spread_or_quick) {
  SecondsHistogram few;
  for (int i = 0; i < 9; ++i) few.add(seconds(60));
  EXPECT_FALSE(few.cliff());
  SecondsHistogram spread;
  for (int i = 0; i < 100; ++i) spread.add(seconds(i));
  EXPECT_FALSE(spread.cliff());
  SecondsHistogram quick;
  for (int i = 0; i < 100; ++i) quick.add(milliseconds(i));
  EXPECT_FALSE(quick.cliff());
}

}  // namespace
}  // namespace connfate::cli::report

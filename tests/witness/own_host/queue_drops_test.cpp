// SPDX-License-Identifier: Apache-2.0
#include "witness/own_host/queue_drops.hpp"

#include <gtest/gtest.h>

namespace connfate::witness {
namespace {

Instant at(int seconds) {
  return Instant{} + std::chrono::seconds(seconds);
}

TEST(QueueDropsTest, what_was_dropped_before_the_first_reading_is_of_no_time) {
  QueueDrops drops;
  EXPECT_EQ(drops.between(at(0), at(100)), 0U);
  drops.note(700, at(10));
  EXPECT_EQ(drops.between(at(0), at(100)), 0U);
}

TEST(QueueDropsTest, a_growth_lies_anywhere_between_two_readings) {
  QueueDrops drops;
  drops.note(700, at(10));
  drops.note(705, at(11));
  drops.note(705, at(12));
  EXPECT_EQ(drops.between(at(8), at(9)), 0U);
  EXPECT_EQ(drops.between(at(8), at(10)), 5U);
  EXPECT_EQ(drops.between(at(11), at(20)), 5U);
  EXPECT_EQ(drops.between(at(12), at(20)), 0U);
}

TEST(QueueDropsTest, an_interface_that_goes_takes_its_count_along) {
  QueueDrops drops;
  drops.note(700, at(10));
  drops.note(3, at(11));
  drops.note(5, at(12));
  EXPECT_EQ(drops.between(at(0), at(20)), 2U);
}

TEST(QueueDropsTest, holds_a_bounded_number_and_forgets_no_packet) {
  QueueDrops drops;
  constexpr int kReadings = 2000;
  for (int i = 0; i <= kReadings; ++i) drops.note(static_cast<std::uint64_t>(i), at(i));
  EXPECT_EQ(drops.between(at(0), at(kReadings)), 2000U);
  EXPECT_EQ(drops.between(at(kReadings - 3), at(kReadings)), 4U);
  EXPECT_GE(drops.between(at(5), at(6)), 2U);
}

}  // namespace
}  // namespace connfate::witness

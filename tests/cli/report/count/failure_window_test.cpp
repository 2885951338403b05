// SPDX-License-Identifier: Apache-2.0
#include "cli/report/count/failure_window.hpp"

#include <gtest/gtest.h>

namespace connfate::cli::report {
namespace {

constexpr std::int64_t kDay = 86'400;

std::vector<std::int64_t> every(std::int64_t step, std::int64_t from, std::int64_t to) {
  std::vector<std::int64_t> times;
  for (std::int64_t time = from; time <= to; time += step) times.push_back(time);
  return times;
}

TEST(FailureWindowTest, an_outage_begins_with_its_first_failure_and_ends_with_its_last) {
  const auto window = find_window(every(7, 1000, 1700), kDay);
  ASSERT_TRUE(window);
  EXPECT_EQ(window->from, 1000);
  EXPECT_EQ(window->to, 1700);
  EXPECT_EQ(window->inside, 101U);
  EXPECT_EQ(window->of, 101U);
}

TEST(FailureWindowTest, single_failures_before_and_after_are_not_its_beginning) {
  auto times = every(7, 40'000, 40'700);
  times.insert(times.end(), {50, 9'000, 80'000});
  const auto window = find_window(times, kDay);
  ASSERT_TRUE(window);
  EXPECT_EQ(window->from, 40'000);
  EXPECT_EQ(window->to, 40'700);
  EXPECT_EQ(window->inside, 101U);
  EXPECT_EQ(window->of, 104U);
}

TEST(FailureWindowTest, what_happens_all_day_has_no_time_of_its_own) {
  EXPECT_FALSE(find_window(every(700, 0, kDay), kDay));
}

TEST(FailureWindowTest, two_outages_far_apart_are_not_one) {
  auto times = every(7, 0, 700);
  const auto evening = every(7, 80'000, 80'700);
  times.insert(times.end(), evening.begin(), evening.end());
  EXPECT_FALSE(find_window(times, kDay));
}

TEST(FailureWindowTest, nothing_to_say) {
  EXPECT_FALSE(find_window({}, kDay));
  EXPECT_FALSE(find_window({5, 5, 5}, 0)) << "a log of one second";
}

TEST(FailureWindowTest, all_in_one_second) {
  const auto window = find_window(std::vector<std::int64_t>(50, 7), kDay);
  ASSERT_TRUE(window);
  EXPECT_EQ(window->from, 7);
  EXPECT_EQ(window->to, 7);
}

}  // namespace
}  // namespace connfate::cli::report

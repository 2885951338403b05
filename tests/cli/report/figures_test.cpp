// SPDX-License-Identifier: Apache-2.0
// How figures are written for people.
#include "cli/figures.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "cli/log/log_time.hpp"

namespace connfate::cli {
namespace {

TEST(FiguresTest, a_count_has_a_comma_every_three_digits) {
  EXPECT_EQ(with_commas(0), "0");
  EXPECT_EQ(with_commas(999), "999");
  EXPECT_EQ(with_commas(1000), "1,000");
  EXPECT_EQ(with_commas(1'234'567), "1,234,567");
}

TEST(FiguresTest, what_is_rare_is_never_shown_as_nothing) {
  EXPECT_EQ(percent(1, 3), "33.3 %");
  EXPECT_EQ(percent(0, 7), "0.0 %");
  EXPECT_EQ(percent(1, 1'000'000), "0.0001 %");
  EXPECT_EQ(percent(0, 0), "-");
}

TEST(FiguresTest, a_time_is_written_to_the_second) {
  EXPECT_EQ(time_text(0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(time_text(log::LogTime(std::chrono::microseconds(1'795'507'157'999'999))),
            "2026-11-24T07:59:17Z");
}

TEST(FiguresTest, a_time_is_written_as_it_was_read) {
  for (const char* text : {"2026-11-24T06:37:11Z", "2026-11-24T06:37:11.012300Z",
                           "1970-01-01T00:00:00.000001Z", "2000-02-29T23:59:59Z"}) {
    const auto time = log::parse_iso_time(text);
    EXPECT_EQ(time ? exact_time_text(*time) : "none", text);
  }
}

TEST(FiguresTest, a_time_beyond_the_calendar_is_called_so) {
  EXPECT_EQ(time_text(253'402'300'799), "9999-12-31T23:59:59Z");
  for (const std::int64_t beyond : {std::numeric_limits<std::int64_t>::min(), -62'135'596'801,
                                    253'402'300'800, std::numeric_limits<std::int64_t>::max()}) {
    EXPECT_EQ(time_text(beyond), "beyond the calendar") << beyond;
  }
  EXPECT_EQ(exact_time_text(log::LogTime::max()), "beyond the calendar");
}

}  // namespace
}  // namespace connfate::cli

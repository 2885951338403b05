// SPDX-License-Identifier: Apache-2.0
#include "cli/log/log_time.hpp"

#include <gtest/gtest.h>

namespace connfate::cli::log {
namespace {

constexpr std::int64_t kNowMicros = 1'795'507'158'000'000;

std::int64_t micros(std::string_view text) {
  const auto time = parse_log_time(text);
  return time ? time->time_since_epoch().count() : -1;
}

TEST(LogTimeTest, reads_every_form_that_logs_have) {
  EXPECT_EQ(micros("24/Nov/2026:07:59:18 +0000"), kNowMicros);
  EXPECT_EQ(micros("24/Nov/2026:09:29:18 +0130"), kNowMicros);
  EXPECT_EQ(micros("23/Nov/2026:23:59:18 -0800"), kNowMicros);
  EXPECT_EQ(micros("2026-11-24T07:59:18Z"), kNowMicros);
  EXPECT_EQ(micros("2026-11-24 08:59:18+01:00"), kNowMicros);
  EXPECT_EQ(micros("2026-11-24T07:59:18.25Z"), kNowMicros + 250'000);
  EXPECT_EQ(micros("2026-11-24T07:59:18.1234567Z"), kNowMicros + 123'456);
  EXPECT_EQ(micros("1795507158"), kNowMicros);
  EXPECT_EQ(micros("1795507158.250"), kNowMicros + 250'000);
}

TEST(LogTimeTest, refuses_what_is_no_time) {
  for (const char* text :
       {"", "24/Nov/2026:07:59:18", "2026-11-24T07:59:18", "31/Feb/2026:07:59:18 +0000",
        "24/NovDec/2026:07:59:18 +0000", "24/ovD/2026:07:59:18 +0000", "2026-13-01T00:00:00Z",
        "2026-11-24T24:00:00Z", "2026-11-24T07:59:18Zx", "12345", "17955071580"}) {
    EXPECT_EQ(micros(text), -1) << text;
  }
}

TEST(LogTimeTest, every_prefix_of_a_time_is_refused) {
  const std::string_view time = "24/Nov/2026:07:59:18 +0000";
  for (std::size_t size = 0; size < time.size(); ++size) {
    EXPECT_EQ(parse_clf_time(time.substr(0, size)), std::nullopt) << size;
  }
}

}  // namespace
}  // namespace connfate::cli::log

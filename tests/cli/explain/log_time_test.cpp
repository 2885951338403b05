// SPDX-License-Identifier: Apache-2.0
#include "cli/explain/log_time.hpp"

#include <gtest/gtest.h>

namespace connfate::cli {
namespace {

std::string utc(std::string_view text) {
  const auto time = parse_log_time(text);
  return time ? to_text(*time) : "none";
}

TEST(LogTimeTest, ReadsTheFormsOfBothServersAndOfTheWitness) {
  EXPECT_EQ(utc("2026-11-24T06:37:11.012300Z"), "2026-11-24T06:37:11.012300Z");
  EXPECT_EQ(utc("2026-11-24T06:37:11+01:00"), "2026-11-24T05:37:11Z");
  EXPECT_EQ(utc("2026-11-24T06:37:11-0530"), "2026-11-24T12:07:11Z");
  EXPECT_EQ(utc("24/Nov/2026:06:37:11 +0100] \"GET"), "2026-11-24T05:37:11Z");
}

TEST(LogTimeTest, RefusesEverythingElse) {
  for (const char* text : {"", "-", "yesterday", "2026-11-24", "24/Nov/2026", "1732430231.123"}) {
    EXPECT_EQ(utc(text), "none") << text;
  }
}

}  // namespace
}  // namespace connfate::cli

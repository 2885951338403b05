// SPDX-License-Identifier: Apache-2.0
#include "cli/report/input/filter.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>

#include <stdexcept>

#include "cli/report/lines.hpp"

namespace connfate::cli::report {
namespace {

bool holds(const std::string& condition, const LineOf& words) {
  const std::string line = line_of(words);
  log::LineParser parser;
  log::Record record;
  parser.parse(line, record);
  std::string scratch;
  return Condition::parse(condition).holds(make_request(record, nullptr), scratch);
}

const LineOf kLine{
    .fate = "rst_received", .by = "peer", .path = "/user/17/photo?x=1", .seconds = "60.001"};

TEST(FilterTest, conditions_that_hold) {
  for (const char* text : {"fate=rst_received",
                           "fate=client_abort,rst_received",
                           "fate!=delivered",
                           "by=peer",
                           "by!=client",
                           "host=www.example.org",
                           "host=www.*",
                           "path=/user/17/photo",
                           "pattern=/user/*/photo",
                           "uri=/user/17/photo?x=1",
                           "client=203.0.113.7",
                           "client=203.0.113.0/24",
                           "client=0.0.0.0/0",
                           "network=203.0.113.0/24",
                           "written=500",
                           "written>499",
                           "written>=500",
                           "written<501",
                           "written<=500",
                           "duration_ms>60000",
                           "method=GET",
                           "status=200",
                           "minute=2026-11-24T08:00Z",
                           "hour=2026-11-24T08:00Z",
                           "first=rst_received",
                           "cookie=0000000000000001"}) {
    EXPECT_TRUE(holds(text, kLine)) << text;
  }
}

TEST(FilterTest, conditions_that_do_not_hold) {
  for (const char* text : {"fate=delivered", "fate!=rst_received", "by!=peer", "host=example.org",
                           "client=203.0.114.0/24", "client=203.0.113.8", "written>500",
                           "written<500", "duration_ms<60000"}) {
    EXPECT_FALSE(holds(text, kLine)) << text;
  }
}

TEST(FilterTest, what_is_not_known_never_matches) {
  for (const char* text : {"server=x", "server!=x", "rtt_us<1000000", "rst_from!=client"}) {
    EXPECT_FALSE(holds(text, kLine)) << text;
  }
}

TEST(FilterTest, conditions_that_make_no_sense_are_refused) {
  for (const char* text :
       {"", "fate", "=x", "fate!x", "nosuch=1", "fate=nosuch", "written<many", "fate<3 "}) {
    EXPECT_THROW(Condition::parse(text), std::invalid_argument) << text;
  }
}

TEST(FilterTest, ipv6_prefixes) {
  EXPECT_TRUE(holds("client=2001:db8::/32", {.client = "2001:db8:1::5"}));
  EXPECT_TRUE(holds("client=2001:db8:1::5", {.client = "2001:db8:1:0::5"}));
  EXPECT_FALSE(holds("client=2001:db8::/32", {.client = "2001:db9::5"}));
  EXPECT_TRUE(holds("network=2001:db8:1::/48", {.client = "2001:db8:1:2::5"}));
}

TEST(FilterTest, periods) {
  const log::LogTime now = *log::parse_log_time("2026-11-24T08:00:00Z");
  using std::chrono::hours;
  using std::chrono::minutes;
  EXPECT_EQ(parse_when("2h", now), now - hours(2));
  EXPECT_EQ(parse_when("30m", now), now - minutes(30));
  EXPECT_EQ(parse_when("7d", now), now - hours(7 * 24));
  EXPECT_EQ(parse_when("2026-11-24T07:00:00Z", now), now - hours(1));
  EXPECT_EQ(parse_when("2026-11-24 07:00:00", now), now - hours(1));
  EXPECT_EQ(parse_when("2026-11-24", now), now - hours(8));
  EXPECT_EQ(parse_when("24/Nov/2026:08:00:00 +0100", now), now - hours(1));
  for (const char* text : {"", "h", "-2h", "2 hours", "yesterday", "2026-11-31", "666666666d"}) {
    EXPECT_THROW(parse_when(text, now), std::invalid_argument) << text;
  }
}

/// As the clock on the wall says it, in summer and in winter.
TEST(FilterTest, times_without_a_zone_are_local) {
  const char* const before = std::getenv("TZ");
  const std::string kept = before == nullptr ? "" : before;
  ::setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
  ::tzset();
  const log::LogTime now = *log::parse_log_time("2026-11-24T19:30:00Z");
  EXPECT_EQ(parse_when("20:27", now), *log::parse_log_time("2026-11-24T19:27:00Z"));
  EXPECT_EQ(parse_when("20:27:05", now), *log::parse_log_time("2026-11-24T19:27:05Z"));
  EXPECT_EQ(parse_when("21:00", now), *log::parse_log_time("2026-11-23T20:00:00Z")) << "yesterday";
  EXPECT_EQ(parse_when("2026-11-24 20:27", now), *log::parse_log_time("2026-11-24T19:27:00Z"));
  EXPECT_EQ(parse_when("2026-07-01", now), *log::parse_log_time("2026-06-30T22:00:00Z"));
  for (const char* text : {"25:00", "20:27x", "2026-11-31 20:00", "20"}) {
    EXPECT_THROW(parse_when(text, now), std::invalid_argument) << text;
  }
  if (before == nullptr) ::unsetenv("TZ");
  if (before != nullptr) ::setenv("TZ", kept.c_str(), 1);
  ::tzset();
}

}  // namespace
}  // namespace connfate::cli::report

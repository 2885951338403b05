// SPDX-License-Identifier: Apache-2.0
// A report without a cookie: the server had closed the socket before the module could name it.
#include <gtest/gtest.h>

#include "witness/events.hpp"
#include "witness/schema.hpp"
#include "witness/tracking/tracker.hpp"

namespace connfate::witness {
namespace {

using namespace events;

TEST(NamelessReportTest, is_a_line_that_nothing_will_join) {
  std::vector<FinalLine> lines;
  Tracker tracker({}, [&](const FinalLine& line) { lines.push_back(line); });
  Report nameless = report({.fate = Fate::kServerAbort});
  nameless.observation.cookie.reset();
  tracker.on_report(nameless, at(0));
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0].fate, Fate::kServerAbort);
  EXPECT_EQ(lines[0].reason, "no_cookie");
  EXPECT_FALSE(lines[0].final);
  EXPECT_EQ(lines[0].cookie, 0U);
}

/// Whoever may write to the socket of the witness can say anything of a cookie that never was.
TEST(NamelessReportTest, of_a_socket_that_no_kernel_knows_nothing_is_told_as_a_fact) {
  std::vector<FinalLine> lines;
  Tracker tracker({}, [&](const FinalLine& line) { lines.push_back(line); });
  Report claim = report({.fate = Fate::kClientAbort});
  claim.observation.verdict.by = By::kClient;
  claim.logged_at_us = UINT64_MAX;
  tracker.on_report(claim, at(0));
  for (const std::int64_t ms : {2000, 10000}) {
    for (const Lookup& lookup : tracker.on_tick(at(ms))) {
      tracker.on_lookup(lookup, nullptr, at(ms));
    }
  }
  ASSERT_EQ(lines.size(), 1U);
  const std::string text = to_json(lines[0]);
  EXPECT_EQ(lines[0].reason, "no_such_socket");
  EXPECT_EQ(lines[0].rule, "final-not-verified");
  EXPECT_EQ(lines[0].fate, Fate::kUnknown);
  EXPECT_EQ(lines[0].by, By::kUnknown);
  EXPECT_EQ(lines[0].close, Close::kUnknown);
  for (const char* key : {"\"client\"", "\"client_port\"", "\"local\"", "\"acked\"", "\"ttl\""}) {
    EXPECT_EQ(text.find(key), std::string::npos) << key << text;
  }
  EXPECT_NE(text.find("\"time\":\"2261-12-31T23:59:59"), std::string::npos) << text;
  for (const std::string& words : schema_complaints(text)) ADD_FAILURE() << words;
}

TEST(NamelessReportTest, a_count_of_losses_does_not_wrap) {
  Tracker tracker({}, [](const FinalLine&) {});
  tracker.on_loss(LossOf::kReports, 5, at(0));
  tracker.on_loss(LossOf::kReports, UINT64_MAX, at(0));
  EXPECT_EQ(tracker.counters().lost_reports, UINT64_MAX);
}

/// Each report looks at all that wait on its connection.
TEST(NamelessReportTest, of_one_cookie_only_so_many_wait) {
  std::size_t lines = 0;
  Tracker tracker({}, [&](const FinalLine&) { ++lines; });
  const Report flood = report();
  for (int i = 0; i < 30'000; ++i) tracker.on_report(flood, at(0));
  EXPECT_EQ(tracker.waiting(), 256U);
  EXPECT_EQ(tracker.counters().evicted, 30'000U - 256U);
  EXPECT_EQ(lines, 0U);
}

}  // namespace
}  // namespace connfate::witness

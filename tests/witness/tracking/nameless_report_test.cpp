// SPDX-License-Identifier: Apache-2.0
// A report without a cookie: the server had closed the socket before the module could name it.
#include <gtest/gtest.h>

#include "witness/events.hpp"
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

}  // namespace
}  // namespace connfate::witness

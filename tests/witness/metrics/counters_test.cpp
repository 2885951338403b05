// SPDX-License-Identifier: Apache-2.0
#include "witness/metrics/counters.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "witness/page_rows.hpp"

namespace connfate::witness {
namespace {

TEST(CountersTest, ThePageHasTheTable) {
  std::vector<PageRow> expected;
  for (const Counter& counter : counters()) {
    expected.push_back({std::string(counter.name), std::string(counter.help)});
  }
  EXPECT_EQ(rows_of_page(CONNFATE_WITNESS_PAGE, "| counter | what it counts |"), expected);
}

/// Each reads something of its own: no two move together.
TEST(CountersTest, EachShowsItsOwnReading) {
  Readings now;
  std::uint64_t next = 1;
  for (std::uint64_t* reading :
       {&now.tracker.reports, &now.tracker.socket_ends, &now.tracker.packets, &now.tracker.lookups,
        &now.tracker.lines, &now.waiting, &now.memory, &now.tracker.evicted,
        &now.tracker.lost_reports, &now.tracker.lost_socket_ends, &now.tracker.lost_packets,
        &now.lost_lines, &now.reports.foreign, &now.reports.undecodable, &now.failures}) {
    *reading = next++;
  }
  for (const Skipped reason : {Skipped::kNotIp, Skipped::kCutShort, Skipped::kFragment,
                               Skipped::kMalformed, Skipped::kOtherProtocol}) {
    for (std::uint64_t i = 0; i < next; ++i) now.skipped.add(reason);
    ++next;
  }
  for (std::uint64_t* reading : {&now.web.answered, &now.web.refused, &now.web.dropped}) {
    *reading = next++;
  }
  std::uint64_t expected = 1;
  for (const Counter& counter : counters()) {
    EXPECT_EQ(counter.value(now), expected++) << counter.name;
  }
  EXPECT_EQ(expected, next);
}

}  // namespace
}  // namespace connfate::witness

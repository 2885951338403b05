// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides make_summary(): what was counted, as the plain data that the renderers read. Pure.

#include "cli/report/count/aggregate.hpp"
#include "cli/report/input/request_feed.hpp"
#include "cli/report/judge/summary.hpp"

namespace connfate::cli::report {

struct SummaryOptions {
  std::size_t most_rows = 10;            ///< of each table of groups
  std::size_t most_buckets = 120;        ///< of the timeline
  std::size_t most_screen_buckets = 20;  ///< of the one for a terminal
  bool compares_periods = false;         ///< --since: with the period before
};

Summary make_summary(const Aggregate& counted, const RequestFeed& feed,
                     const SummaryOptions& options);

}  // namespace connfate::cli::report

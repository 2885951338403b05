// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the witness's metrics as Prometheus reads them (text format 0.0.4): the counters, what
// became of every response, and the process itself. Used by whoever answers /metrics.
// Surprising: every series that can be known in advance is there with 0 from the start, and no
// label has a value that a client or a request chose, so that their number never grows.

#include <chrono>
#include <string>
#include <string_view>

#include "witness/metrics/counters.hpp"
#include "witness/process/own_usage.hpp"
#include "witness/tracking/final_counts.hpp"

namespace connfate::witness {

/// What is shown besides the counters.
struct Exposed {
  Readings readings;
  FinalCounts fates;
  OwnUsage process;
  std::chrono::sys_time<std::chrono::microseconds> started_at{};
  bool capture_complete = false;  ///< every interface is still read; what was lost is counted
  std::string_view version;
};

/// About 160 lines. Throws std::bad_alloc.
std::string exposition(const Exposed& now);

}  // namespace connfate::witness

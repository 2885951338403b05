// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the witness's counters: one table with each one's name, what it counts, and its value.
// Used by service.cpp, which writes them into `witness_stopped` and, on SIGUSR1, to standard error,
// and by the exposition, which shows them to Prometheus.
// A new counter is one row; docs/witness.md has the same table, and a test compares them.

#include <cstdint>
#include <span>
#include <string_view>

#include "witness/sources/report_source.hpp"
#include "witness/tracking/tracker.hpp"
#include "witness/web/web_server.hpp"
#include "witness/wire/skipped_frames.hpp"

namespace connfate::witness {

/// All that is counted, as it stands.
struct Readings {
  TrackerCounters tracker;
  ReportSourceCounters reports;
  SkippedFrames skipped;
  std::uint64_t waiting = 0;
  std::uint64_t memory = 0;
  std::uint64_t lost_lines = 0;
  std::uint64_t failures = 0;
  WebCounters web;
};

struct Counter {
  std::string_view name;    ///< stable, like every key of the log
  std::string_view help;    ///< what it counts, as docs/witness.md has it
  std::string_view metric;  ///< the family's name in the exposition
  std::string_view label;   ///< tells it from the others of its family: `source`, `reason`, or none
  std::string_view kind;    ///< the label's value
  bool is_level = false;    ///< it also falls: how things stand, and not how often
  std::uint64_t (*value)(const Readings&) noexcept;
};

std::span<const Counter> counters() noexcept;

}  // namespace connfate::witness

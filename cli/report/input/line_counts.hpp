// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides LineCounts: what became of every line of the input. Nothing is skipped silently: each
// line is in exactly one of the counts of `kinds`. Filled by the feed, printed by the renderers.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/report/input/fate_counts.hpp"

namespace connfate::cli::report {

/// A line that could not be read: escaped, and shortened.
struct BadLine {
  std::string source;
  std::uint64_t line = 0;
  std::string text;
};

struct LineCounts {
  static constexpr std::size_t kMostSamples = 5;

  std::uint64_t total = 0;
  std::uint64_t requests = 0;      ///< that tell a fate
  std::uint64_t without_fate = 0;  ///< requests for which connfate was off, or of another format
  std::uint64_t later_fates = 0;   ///< a fate that this version does not know; unknown instead
  std::uint64_t unparsable = 0;
  std::uint64_t cut = 0;                 ///< longer than the reader keeps; also in another count
  std::uint64_t witness = 0;             ///< about responses and connections
  std::uint64_t daemon = 0;              ///< of the witness about itself
  std::uint64_t out_of_period = 0;       ///< of the requests
  std::uint64_t no_time_for_period = 0;  ///< of the requests: a period was asked for
  std::uint64_t filtered = 0;            ///< of the requests, by --where
  std::uint64_t joined = 0;              ///< requests that count and whose fate the witness knew
  std::uint64_t fit_by_several = 0;      ///< requests that several verdicts fit equally well
  std::uint64_t of_unknown_host = 0;     ///< not joined: nothing tells whose line it is
  std::uint64_t connections_out_of_period = 0;
  bool witness_told_delivered = false;  ///< a delivered response has a line of its own
  std::optional<bool> witness_log_all;  ///< what the witness said when it was started last
  std::uint64_t witness_in_progress = 0;
  std::uint64_t witness_without_key = 0;
  std::uint64_t witness_unverified = 0;  ///< of sockets that no kernel knew: claims of a reporter
  std::uint64_t witness_undecided = 0;   ///< of a stream without requests, beyond what is kept
  std::uint64_t witness_lost = 0;  ///< lines that say that evidence was lost (`loss`, lost_events)
  FateCounts connections;          ///< the witness's connections without a request
  std::vector<BadLine> samples;
};

}  // namespace connfate::cli::report

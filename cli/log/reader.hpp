// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides read_logs(): visits every line of files as a Record. A file may be plain, gzip or zstd
// (told by its first bytes), "-" is standard input. No format needs to be named: lines describe
// themselves, and may be mixed. Used by report.
// Surprising: memory is bounded. A line longer than kLongestLine is cut and marked so.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "cli/log/record.hpp"

namespace connfate::cli::log {

inline constexpr std::size_t kLongestLine = std::size_t{1} << 20U;

/// Called for each record; false ends the reading.
using Visitor = std::function<bool(const Record&)>;

/// A file that could not be opened, or read to its end.
struct ReadFailure {
  std::string file;
  std::string why;
};

struct ReadOptions {
  /// Told from time to time how many bytes of the files (compressed or not) were taken.
  std::function<void(std::uint64_t bytes)> progress;
  /// Not empty: after the end of the files wait for more, through rotation and truncation, until
  /// this returns false. Called when there is nothing to read, at least every 250 ms.
  std::function<bool()> keep_following;
  /// Only lines that look like those of connfate-witness are visited, and lines that may name the
  /// node they are of.
  bool hosts_only = false;
};

/// Reads the files in order. What fails is reported, and the rest is read.
std::vector<ReadFailure> read_logs(const std::vector<std::string>& files, const Visitor& visit,
                                   const ReadOptions& options = {});

}  // namespace connfate::cli::log

// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Timeline: requests by fate and time, in at most kMostBuckets buckets. It begins with
// seconds and becomes coarser when the log is long. Lines may come in any order.

#include <chrono>
#include <cstdint>
#include <map>

#include "cli/log/log_time.hpp"
#include "cli/report/input/fate_counts.hpp"

namespace connfate::cli::report {

class Timeline {
 public:
  using Buckets = std::map<std::int64_t, FateCounts>;  ///< by start, in seconds since 1970

  static constexpr std::size_t kMostBuckets = 4096;

  Timeline() = default;
  Timeline(const Timeline& other) : width_(other.width_), buckets_(other.buckets_) {}
  Timeline(Timeline&&) = default;
  Timeline& operator=(const Timeline&) = delete;
  Timeline& operator=(Timeline&&) = default;

  void add(log::LogTime time, Fate fate, By by);
  std::int64_t width() const noexcept { return width_; }  ///< seconds
  const Buckets& buckets() const noexcept { return buckets_; }

  /// The same, in at most `most` buckets of a width that people count in.
  Timeline coarser(std::size_t most) const;

 private:
  void widen();

  std::int64_t width_ = 1;
  Buckets buckets_;
  std::int64_t last_start_ = 0;
  FateCounts* last_ = nullptr;  ///< the bucket of the line before: most lines need no search
};

}  // namespace connfate::cli::report

// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides how much memory and how many descriptors a process has, and Gauge, a series of such
// readings of which it can be said whether they keep growing. Used by the soak and
// idle_connections.

#include <sys/types.h>

#include <cstdint>
#include <vector>

namespace connfate::harness {

/// Resident memory that is not a file's (RssAnon), in bytes; 0 when the process is gone.
std::uint64_t anonymous_bytes(pid_t pid);
/// Open descriptors; 0 when the process is gone.
std::uint64_t descriptors(pid_t pid);

class Gauge {
 public:
  void read(std::uint64_t value) {
    if (value != 0) values_.push_back(value);
  }
  std::uint64_t last() const { return values_.empty() ? 0 : values_.back(); }
  std::uint64_t highest() const;
  /// Median of the second and of the last quarter: the first one is for warming up.
  std::uint64_t early() const { return median(1); }
  std::uint64_t late() const { return median(3); }

 private:
  std::uint64_t median(std::size_t quarter) const;

  std::vector<std::uint64_t> values_;
};

}  // namespace connfate::harness

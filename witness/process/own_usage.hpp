// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides what this process uses, as the kernel counts it. Used for the metrics.

#include <cstdint>

namespace connfate::witness {

struct OwnUsage {
  double cpu_seconds = 0;            ///< user and system; getrusage(2)
  std::uint64_t resident_bytes = 0;  ///< 0: not known; /proc/self/statm
};

/// Costs two system calls and a small read.
OwnUsage own_usage() noexcept;

}  // namespace connfate::witness

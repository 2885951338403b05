// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides find_window(): when the failures of a group happened, if they have a time of their own.
// Used by the findings. Pure. Surprising: not the first and the last failure; a single reset an
// hour before the outage is normal noise, and must not be named as its beginning.

#include <cstdint>
#include <optional>
#include <vector>

namespace connfate::cli::report {

struct FailureWindow {
  std::int64_t from = 0;  ///< seconds since 1970
  std::int64_t to = 0;
  std::uint64_t inside = 0;
  std::uint64_t of = 0;  ///< failures with a time
};

/// The shortest time with nine of ten failures, and what stands close to it. None when that is more
/// than two thirds of `period`: then the failures are spread over the log.
std::optional<FailureWindow> find_window(std::vector<std::int64_t> times, std::int64_t period);

}  // namespace connfate::cli::report

// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Instant, the witness's only notion of time: the host's monotonic clock in microseconds.
// Everything that reasons is given the instants of its events; only the sources and the service
// read a clock. A step of the wall clock therefore changes no verdict.

#include <chrono>

namespace connfate::witness {

using Duration = std::chrono::microseconds;
using Instant = std::chrono::time_point<std::chrono::steady_clock, Duration>;

}  // namespace connfate::witness

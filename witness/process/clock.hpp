// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the two clocks that sources and service read; nothing else in the witness reads one.

#include <chrono>

#include "witness/instant.hpp"

namespace connfate::witness {

inline Instant steady_now() noexcept {
  return std::chrono::time_point_cast<Duration>(std::chrono::steady_clock::now());
}

/// For people: the time that a line of the log carries.
inline std::chrono::sys_time<Duration> wall_now() noexcept {
  return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}

}  // namespace connfate::witness

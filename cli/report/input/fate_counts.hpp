// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides FateCounts: how many requests had which fate, and what counts as trouble. Used by every
// aggregate and by the report.
// Surprising: `pending` is no trouble and no success, and `unknown` is neither: it is never counted
// as anybody's fault.

#include <array>
#include <cstdint>

#include "connfate/fate.hpp"

namespace connfate::cli::report {

/// The response did not arrive as a whole, and the evidence says how.
constexpr bool is_trouble(Fate fate) noexcept {
  return fate != Fate::kDelivered && fate != Fate::kPending && fate != Fate::kUnknown;
}

/// Trouble that a path can cause: bytes went out and were not acknowledged.
constexpr bool is_unacknowledged(Fate fate) noexcept {
  return fate == Fate::kRstReceived || fate == Fate::kAckTimeout || fate == Fate::kAckStalled ||
         fate == Fate::kUnreachable;
}

template <typename Count>
struct BasicFateCounts {
  std::array<Count, kFateCount> counts{};

  Count& operator[](Fate fate) noexcept { return counts[static_cast<std::size_t>(fate)]; }
  Count operator[](Fate fate) const noexcept { return counts[static_cast<std::size_t>(fate)]; }

  std::uint64_t total() const noexcept {
    std::uint64_t sum = 0;
    for (const Count count : counts) sum += count;
    return sum;
  }
  std::uint64_t trouble() const noexcept {
    return total() - (*this)[Fate::kDelivered] - (*this)[Fate::kPending] - (*this)[Fate::kUnknown];
  }
  template <typename Other>
  void add(const BasicFateCounts<Other>& other) noexcept {
    for (std::size_t i = 0; i < counts.size(); ++i)
      counts[i] += static_cast<Count>(other.counts[i]);
  }
};

using FateCounts = BasicFateCounts<std::uint64_t>;

inline constexpr std::size_t kByCount = static_cast<std::size_t>(By::kUnknown) + 1;
using ByCounts = std::array<std::uint64_t, kByCount>;

}  // namespace connfate::cli::report

// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides FateCounts: how many requests had which fate, and how many of them were in trouble or
// were ended by the client itself (connfate::is_trouble(), client_left()). Used by every aggregate
// and by the report.
// Surprising: of one fate, rst_received, some may be trouble and some the client's own end.

#include <array>
#include <cstdint>

#include "connfate/fate.hpp"

namespace connfate::cli::report {

/// Trouble that a path can cause: bytes went out and were not acknowledged.
constexpr bool is_unacknowledged(Fate fate) noexcept {
  return fate == Fate::kRstReceived || fate == Fate::kAckTimeout || fate == Fate::kAckStalled ||
         fate == Fate::kUnreachable;
}

template <typename Count>
struct BasicFateCounts {
  std::array<Count, kFateCount> counts{};
  Count own_resets{};  ///< of kRstReceived: by=client, which is no trouble

  /// One request.
  void add(Fate fate, By by) noexcept {
    ++(*this)[fate];
    if (fate == Fate::kRstReceived && client_left(fate, by)) ++own_resets;
  }

  Count& operator[](Fate fate) noexcept { return counts[static_cast<std::size_t>(fate)]; }
  Count operator[](Fate fate) const noexcept { return counts[static_cast<std::size_t>(fate)]; }

  std::uint64_t total() const noexcept {
    std::uint64_t sum = 0;
    for (const Count count : counts) sum += count;
    return sum;
  }
  /// Of that fate: in trouble, and ended by the client itself.
  std::uint64_t trouble(Fate fate) const noexcept {
    if (!is_trouble(fate, By::kUnknown)) return 0;
    return (*this)[fate] - (fate == Fate::kRstReceived ? own_resets : 0);
  }
  std::uint64_t left(Fate fate) const noexcept {
    if (fate == Fate::kRstReceived) return own_resets;
    return client_left(fate, By::kClient) ? (*this)[fate] : 0;
  }
  std::uint64_t trouble() const noexcept { return sum(&BasicFateCounts::trouble); }
  std::uint64_t left() const noexcept { return sum(&BasicFateCounts::left); }
  template <typename Other>
  void add(const BasicFateCounts<Other>& other) noexcept {
    for (std::size_t i = 0; i < counts.size(); ++i)
      counts[i] += static_cast<Count>(other.counts[i]);
    own_resets += static_cast<Count>(other.own_resets);
  }

 private:
  std::uint64_t sum(std::uint64_t (BasicFateCounts::*part)(Fate) const noexcept) const noexcept {
    std::uint64_t all = 0;
    for (int i = 0; i < kFateCount; ++i) all += (this->*part)(static_cast<Fate>(i));
    return all;
  }
};

using FateCounts = BasicFateCounts<std::uint64_t>;

inline constexpr std::size_t kByCount = static_cast<std::size_t>(By::kUnknown) + 1;
using ByCounts = std::array<std::uint64_t, kByCount>;

}  // namespace connfate::cli::report

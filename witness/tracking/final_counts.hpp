// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides FinalCounts: how often each final fate was reached, whether a line told of it or not.
// Fixed memory, since every count has a place from the start: a rate() of a series that appears
// with its first event misses that event. Used by the tracker, which counts; the metrics read it.
// Surprising: a line `in_progress` is no end, and is not counted; every other final=false is.

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "witness/lines/final_line.hpp"

namespace connfate::witness {

inline constexpr std::size_t kByCount = static_cast<std::size_t>(By::kUnknown) + 1;
inline constexpr std::size_t kRstFromCount = 4;
inline constexpr std::size_t kConfidenceCount = 5;

/// As reports name the sender; whoever is neither is counted as kOther.
enum class ServerName : std::uint8_t { kNginx, kHttpd, kOther };
inline constexpr std::size_t kServerCount = 3;

std::string_view to_token(ServerName server) noexcept;

struct FinalCounts {
  using PerParty = std::array<std::array<std::uint64_t, kByCount>, kFateCount>;

  std::array<PerParty, kServerCount> responses{};
  PerParty connections{};
  std::array<std::array<std::uint64_t, kConfidenceCount>, kRstFromCount> resets{};
  std::array<std::uint64_t, kFateCount> unacked_bytes{};  ///< of responses

  void add(const FinalLine& line) noexcept;
  /// A response that arrived, for which nobody wants a line.
  void add_delivered(std::string_view server) noexcept;
};

/// The parties that a final fate can have: what is shown from the start.
std::span<const By> parties_of(Fate fate) noexcept;

}  // namespace connfate::witness

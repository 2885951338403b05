// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides SizeBins: requests and unacknowledged failures by the size of the response. The edges
// are close together where packets end: a path that drops full-sized packets shows as a step there.
// Used by the groups and by the findings.

#include <array>
#include <cstddef>
#include <cstdint>

namespace connfate::cli::report {

inline constexpr std::array<std::uint64_t, 15> kSizeEdges = {
    0, 256, 512, 1024, 1200, 1300, 1400, 1500, 2048, 4096, 8192, 16384, 65536, 262144, 1048576};
inline constexpr std::size_t kSizeBinCount = kSizeEdges.size();

/// The bin whose edge is the largest one not above `size`.
constexpr std::size_t size_bin(std::uint64_t size) noexcept {
  std::size_t bin = kSizeBinCount - 1;
  while (size < kSizeEdges[bin]) --bin;
  return bin;
}

struct SizeBins {
  std::array<std::uint32_t, kSizeBinCount> requests{};
  std::array<std::uint32_t, kSizeBinCount> delivered{};
  std::array<std::uint32_t, kSizeBinCount> unacknowledged{};
};

/// A size above which responses fail and below which they do not.
struct SizeStep {
  std::uint64_t edge = 0;
  std::uint64_t failed_above = 0;
  std::uint64_t requests_above = 0;
  std::uint64_t failed_below = 0;
  std::uint64_t requests_below = 0;
};

/// The clearest step; an edge of 0 when there is none. It needs at least 10 failures above and 20
/// requests below, at least 20 times the rate, and the step must be in the bins next to the edge
/// too: a rate that only grows with the size is no step.
SizeStep find_step(const SizeBins& bins) noexcept;

}  // namespace connfate::cli::report

// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the units that TCP counts in, as types, so that bytes and segments cannot be mixed.
// Durations are std::chrono types. Used by core and by the witness.
// Surprising: subtraction stops at zero, because every difference we take is of two counters that
// the kernel moved between our two looks, and a negative byte count means nothing.

#include <compare>
#include <cstdint>

namespace connfate {

/// A number of bytes of a TCP stream, or an offset into it counted from its first byte.
struct Bytes {
  std::uint64_t value = 0;

  friend constexpr auto operator<=>(const Bytes&, const Bytes&) noexcept = default;
  friend constexpr Bytes operator+(Bytes a, Bytes b) noexcept { return {a.value + b.value}; }
  friend constexpr Bytes operator-(Bytes a, Bytes b) noexcept {
    return {a.value > b.value ? a.value - b.value : 0};
  }
};

/// A number of TCP segments, in units of the sender's MSS.
struct Segments {
  std::uint32_t value = 0;

  friend constexpr auto operator<=>(const Segments&, const Segments&) noexcept = default;
  friend constexpr Segments operator-(Segments a, Segments b) noexcept {
    return {a.value > b.value ? a.value - b.value : 0};
  }
};

}  // namespace connfate

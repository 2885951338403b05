// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides comparison of TCP sequence numbers, which wrap at 2^32 (RFC 9293, 3.4).

#include <cstdint>

namespace connfate::lab {

constexpr bool is_before(std::uint32_t a, std::uint32_t b) {
  return static_cast<std::int32_t>(a - b) < 0;
}

constexpr std::uint32_t later_of(std::uint32_t a, std::uint32_t b) {
  return is_before(a, b) ? b : a;
}

}  // namespace connfate::lab

// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the arithmetic of TCP sequence numbers, which wrap at 2^32, and their place in a byte
// stream, which does not. Used by origin and wire.

#include <cstdint>

#include "witness/wire/packet.hpp"

namespace connfate::witness {

/// How far `a` lies behind `b`, negative when it lies before it. Right up to 2^31 - 1 apart.
constexpr std::int64_t seq_distance(std::uint32_t a, std::uint32_t b) noexcept {
  return static_cast<std::int32_t>(a - b);
}

constexpr bool seq_before(std::uint32_t a, std::uint32_t b) noexcept {
  return seq_distance(a, b) < 0;
}

constexpr std::uint32_t later_seq(std::uint32_t a, std::uint32_t b) noexcept {
  return seq_before(a, b) ? b : a;
}

/// The sequence number that follows the packet's last byte; SYN and FIN count as one each.
constexpr std::uint32_t end_seq(const Packet& packet) noexcept {
  return packet.seq + packet.payload + (packet.syn ? 1U : 0U) + (packet.fin ? 1U : 0U);
}

/// The stream offset nearest to `near` whose lower 32 bits are `low`; 0 instead of a negative one.
constexpr std::uint64_t unwrap(std::uint32_t low, std::uint64_t near) noexcept {
  const std::int64_t step = seq_distance(low, static_cast<std::uint32_t>(near));
  if (step >= 0) return near + static_cast<std::uint64_t>(step);
  const auto back = static_cast<std::uint64_t>(-step);
  return back > near ? 0 : near - back;
}

}  // namespace connfate::witness

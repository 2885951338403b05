// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides IpHeader and parse_ip(): an IPv4 or IPv6 packet down to its TCP or ICMP header. Used by
// packet.cpp, for the packet itself and for the one that an ICMP error quotes.
// Surprising: a capture keeps the first bytes of a packet only, and an ICMP error quotes even
// fewer. `payload` is what is there, `payload_size` what was on the wire.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <variant>

#include "connfate/endpoint.hpp"
#include "witness/wire/skipped_frames.hpp"

namespace connfate::witness {

struct IpHeader {
  Endpoint source;       ///< port 0
  Endpoint destination;  ///< port 0
  std::uint8_t ttl = 0;
  std::optional<std::uint16_t> id;  ///< IPv4 only
  bool dont_fragment = false;
  std::uint8_t protocol = 0;  ///< behind all extension headers
  std::span<const std::byte> payload;
  std::size_t payload_size = 0;
};

/// For headers cut short, fragments after the first and anything else, why it was skipped.
std::variant<Skipped, IpHeader> parse_ip(std::span<const std::byte> bytes) noexcept;

}  // namespace connfate::witness

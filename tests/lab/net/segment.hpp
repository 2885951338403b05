// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Segment: what a cable understands of one TCP segment over IPv4 or IPv6, and
// parse_segment(). Used by the rules of a cable, its memory of connections, and tests that read a
// capture. The client is whoever sits at the client's end of the cable, whoever connected.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "connfate/endpoint.hpp"
#include "lab/net/direction.hpp"

namespace connfate::lab {

using Frame = std::vector<std::uint8_t>;  ///< Ethernet, from the destination address on
using FrameView = std::span<const std::uint8_t>;
using MacAddress = std::array<std::uint8_t, 6>;

struct Segment {
  Direction direction = Direction::kToServer;
  Endpoint client;
  Endpoint server;
  bool fin = false, syn = false, rst = false, psh = false, ack = false;
  std::uint32_t seq = 0;
  std::uint32_t ack_number = 0;
  std::uint16_t window = 0;  ///< as on the wire
  struct Timestamps {
    std::uint32_t value = 0;
    std::uint32_t echo = 0;
  };
  std::optional<Timestamps> timestamps;
  std::uint32_t payload = 0;    ///< bytes
  std::uint32_t ip_length = 0;  ///< of the whole IP packet
  std::uint8_t ttl = 0;         ///< or hop limit
  std::optional<std::uint16_t> ip_id;
  MacAddress source_mac{};
  MacAddress destination_mac{};

  /// One behind the last sequence number that it occupies.
  std::uint32_t end() const { return seq + payload + (syn ? 1 : 0) + (fin ? 1 : 0); }
  const Endpoint& sender() const { return direction == Direction::kToServer ? client : server; }
  const Endpoint& receiver() const { return direction == Direction::kToServer ? server : client; }
};

/// The address alone: "10.88.1.2".
std::string to_text(const Endpoint& end);

/// nullopt for whatever is no TCP segment.
std::optional<Segment> parse_segment(FrameView frame, Direction direction);

}  // namespace connfate::lab

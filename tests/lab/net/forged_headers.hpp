// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides ForgedHeader: the numbers that stand in a forged TCP packet, worked out from what the
// device knows. Arithmetic only; forgery.cpp makes the frame.

#include "lab/net/forgery.hpp"

namespace connfate::lab {

struct ForgedHeader {
  std::uint32_t seq = 0;
  std::uint32_t ack = 0;  ///< 0 when the packet has no ACK flag
  std::uint16_t ip_id = 0;
  std::uint16_t window = 0;
  std::uint8_t ttl = 64;
  std::optional<Segment::Timestamps> timestamps;
  MacAddress source_mac{};
  MacAddress destination_mac{};
};

/// `trigger` may be null.
ForgedHeader forged_header(const Forgery& forgery, const ConnectionFacts& connection,
                           const Segment* trigger, int nth);

}  // namespace connfate::lab

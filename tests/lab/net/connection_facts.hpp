// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides ConnectionFacts: what a cable's device remembers of one TCP connection from the headers
// that came by. Forged packets are made of it; tests and stories ask for it.
// Surprising: segments count when they reach the device, dropped by it or not; only `passed` leaves
// out what it dropped.

#include <chrono>
#include <cstdint>
#include <optional>

#include "lab/net/segment.hpp"

namespace connfate::lab {

/// Of what one side has sent.
struct SenderFacts {
  std::uint64_t segments = 0;
  std::uint64_t data_segments = 0;
  std::optional<std::uint32_t> isn{};  ///< of its SYN
  std::uint32_t next = 0;              ///< one behind the highest sequence number sent
  std::uint32_t passed = 0;            ///< the same of what was passed on without a gap
  std::optional<std::uint32_t> ack{};  ///< the last one
  std::uint16_t window = 0;
  std::optional<Segment::Timestamps> timestamps{};
  std::optional<std::uint16_t> ip_id{};
  std::uint8_t ttl = 0;
  MacAddress mac{};       ///< its own, or of the router that it comes through
  MacAddress next_mac{};  ///< that it sends to
  bool fin = false;
  bool rst = false;

  /// Bytes of the stream sent so far; 0 when its SYN was not seen.
  std::uint64_t stream_bytes() const {
    return isn && next != *isn ? std::uint32_t{next - *isn - 1} : 0;
  }
};

struct ConnectionFacts {
  std::uint64_t serial = 0;  ///< of the cable's connections, from 1
  Endpoint client;
  Endpoint server;
  SenderFacts from_client{};
  SenderFacts from_server{};
  std::chrono::steady_clock::time_point since{};  ///< its SYN, or the first segment seen
  std::chrono::steady_clock::time_point last{};   ///< the last segment of either side

  const SenderFacts& sent(Direction way) const {
    return way == Direction::kToServer ? from_client : from_server;
  }
  SenderFacts& sent(Direction way) {
    return way == Direction::kToServer ? from_client : from_server;
  }
};

}  // namespace connfate::lab

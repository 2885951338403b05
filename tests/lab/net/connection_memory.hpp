// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides ConnectionMemory: the TCP connections that a cable's device has seen. A SYN of a client
// begins a new one in place of an older one with the same ends. No lock, no clock of its own.

#include <cstdint>
#include <map>
#include <optional>
#include <utility>

#include "lab/net/connection_facts.hpp"

namespace connfate::lab {

class ConnectionMemory {
 public:
  using Instant = std::chrono::steady_clock::time_point;

  /// The connection as it was before this segment; made when there is none.
  ConnectionFacts& connection_of(const Segment& segment, Instant now);
  /// The segment reached the device.
  static void note(ConnectionFacts& connection, const Segment& segment, Instant now);
  /// The device passed it on.
  void note_passed(const Segment& segment);

  const ConnectionFacts* find(const Segment& segment) const;
  /// The newest of that client port.
  const ConnectionFacts* newest_of(std::uint16_t client_port) const;

 private:
  std::map<Flow, ConnectionFacts> connections_;
  std::uint64_t last_serial_ = 0;
};

}  // namespace connfate::lab

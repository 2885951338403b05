// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Admission: which packets in the client's name, and which ICMP errors, can have come from
// somebody who knows the connection's numbers, so that this host's kernel could have acted on them.
// The others are nobody's evidence: whoever knows two addresses and two ports can send them.
// Used by WireHistory, in front of every rule.
// Surprising: without the socket's counters it judges by the packets alone, and is more lenient:
// of the client's data the capture sees a sample only.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "witness/wire/wire_history.hpp"

namespace connfate::witness {

class Admission {
 public:
  /// `packets` in the order of time.
  Admission(std::span<const Packet> packets, const HostFacts& host);

  /// Of packets[index]. What this host sent is always admitted.
  bool admits(std::size_t index) const noexcept { return admitted_[index]; }

  /// Its number lies near to what the client sends next, by the packets.
  bool continues(std::uint32_t seq) const noexcept;

  /// By the socket's counters; without them none does.
  bool fits(const Packet& packet) const noexcept;

  /// It quotes a byte that was in flight: a kernel takes no other (tcp_v4_err(),
  /// net/ipv4/tcp_ipv4.c, 6.1).
  bool admits(const IcmpError& error) const noexcept;

 private:
  void find_start(std::span<const Packet> packets) noexcept;
  bool admits_syn(std::span<const Packet> packets, std::size_t index) const noexcept;
  bool has_counters() const noexcept { return client_start_ && host_.bytes_received; }
  bool admits_reset(const Packet& packet) noexcept;
  bool admits_data(const Packet& packet, std::size_t index) noexcept;
  bool is_behind_a_gap(const Packet& packet, std::size_t index) noexcept;
  bool is_near(std::uint32_t seq) noexcept;
  bool is_acknowledgement_of_ours(const Packet& packet) const noexcept;
  bool is_in_stream(const Packet& packet) const noexcept;

  const HostFacts& host_;
  std::optional<std::uint32_t> client_start_;  ///< sequence number of the client's first byte
  std::optional<std::uint32_t> server_start_;
  std::optional<std::uint32_t> next_;  ///< of the client, by the packets so far
  std::vector<std::size_t> jump_;      ///< strangers that agree: the client's, behind a gap
  std::uint32_t jump_end_ = 0;
  bool connecting_ = false;  ///< this host opened the connection
  std::vector<bool> admitted_;
};

}  // namespace connfate::witness

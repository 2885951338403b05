// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides OriginScene: one RST in the client's name and everything that the rules about its origin
// may look at. Used by origin_features.cpp and rst_origin.cpp.

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "witness/wire/client_baseline.hpp"
#include "witness/wire/rst_effect.hpp"
#include "witness/wire/wire_history.hpp"

namespace connfate::witness {

struct OriginScene {
  /// `index`: of the RST in history.packets(). Both arguments must outlive the scene.
  OriginScene(const WireHistory& history, std::size_t index, const HostFacts& host);

  const Packet& rst() const noexcept { return packets[index]; }
  std::span<const Packet> before() const noexcept { return packets.first(index); }
  std::span<const Packet> after() const noexcept { return packets.subspan(index + 1); }

  /// The client's latest packet before the RST; nullptr without any.
  const Packet* last_of_client() const noexcept;

  /// When the earliest packet arrived that this RST can be a reply behind: a stateless reply
  /// carries the number that we acknowledged, and that we did not before this arrival. nullopt when
  /// the packet was not captured.
  std::optional<Instant> earliest_cause() const noexcept;

  /// The form that a kernel without the socket answers in: no ACK, no window, no options.
  bool is_reply_form() const noexcept;

  std::span<const Packet> packets;
  std::size_t index;
  const HostFacts& host;
  RstEffect effect;
  ClientBaseline baseline;
  Distance distance;                  ///< of the RST
  std::vector<const Packet*> resets;  ///< all RSTs in the client's name, in order
  bool ttl_varies = false;            ///< among them
  bool several_interfaces = false;
  std::size_t strangers = 0;  ///< packets in the client's name that are nobody's evidence
  bool one_device = false;    ///< RstFingerprints says so; set by the caller
};

bool is_of_client(const Packet& packet) noexcept;  ///< incoming and no RST

}  // namespace connfate::witness

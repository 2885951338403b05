// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Envelope: what lies around the IP packet of a captured frame (the sender's MAC, the
// interface, the VLAN), and open_envelope(), which takes it off. Used by packet.cpp.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "witness/wire/skipped_frames.hpp"

namespace connfate::witness {

/// What the frame begins with.
enum class LinkLayer : std::uint8_t { kEthernet, kLinuxSll2, kRaw };

struct Envelope {
  std::array<std::uint8_t, 6> source_mac{};  ///< all zero where the link has none
  std::uint32_t interface = 0;               ///< index; 0 when not known
  bool loopback = false;                     ///< this host's own loopback interface
  std::optional<std::uint16_t> vlan;         ///< the outermost tag
  std::span<const std::byte> packet;
  std::optional<Skipped> skipped;  ///< there is no packet, and why
};

/// `frame` must outlive what is returned.
Envelope open_envelope(std::span<const std::byte> frame, LinkLayer link) noexcept;

}  // namespace connfate::witness

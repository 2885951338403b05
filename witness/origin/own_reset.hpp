// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the judgement of a RST that this host sent before any other ended the connection: its
// own decision, or a consequence of an end that came before. Used by rst_origin.cpp.

#include <cstddef>
#include <span>

#include "witness/attribution/attribution.hpp"
#include "witness/wire/wire_history.hpp"

namespace connfate::witness {

/// `index`: of the outgoing RST in history.packets().
Attribution attribute_own_reset(const WireHistory& history, std::size_t index,
                                const HostFacts& host);

/// The first FIN of a direction; nullptr without any.
const Packet* first_fin(std::span<const Packet> packets, Direction direction) noexcept;

/// States how much of the capture is missing, if anything is.
void note_lost_packets(Attribution& attribution, const HostFacts& host);

}  // namespace connfate::witness

// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides what this host did itself as a part of a line: asked of own_host.hpp with what is known
// of the connection, and told next to a verdict that names somebody else. Used by line_maker.cpp.

#include "witness/own_host/own_host.hpp"
#include "witness/own_host/queue_drops.hpp"
#include "witness/silence/silence.hpp"
#include "witness/tracking/line_maker.hpp"
#include "witness/verdict/final_verdict.hpp"

namespace connfate::witness {

/// Only the end of a socket tells: then its counters stand still, and nobody waits any more.
OwnHost own_host_of(const Known& known, const Subject& subject, const HostFacts& host);

/// By the kernel's own count, of an ended or a living socket, nothing that is missing was refused
/// by this host. False where the kernel does not count (before 4.19).
bool is_output_excluded(const SocketRecord& socket, const Subject& subject) noexcept;

/// While the data was repeated, or not acknowledged, the queues of this host dropped so many
/// packets that each repetition may be among them.
bool may_have_dropped(const QueueDrops& queues, const Silence& silence) noexcept;

/// What the access log said names this host: no packet tells otherwise.
bool is_blamed_here(const FinalLine& line) noexcept;

/// Next to a verdict that does not name this host: what it did is told, and while it may have held
/// the data up itself, nobody else is named for a silence.
void add_own_host(Attribution& attribution, const OwnHost& own, Fate fate);

}  // namespace connfate::witness

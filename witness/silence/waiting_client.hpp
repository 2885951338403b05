// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the second look at an end that the client made: had it waited in vain for data that was
// repeated and never reached it? Then the client ended the connection, and the path was the reason.
// The client's own FIN, or a RST that is known to be the client's, says how much had arrived.
// Used by line_maker.cpp, after rst_origin.hpp has named the sender.

#include "witness/attribution/attribution.hpp"
#include "witness/silence/silence.hpp"

namespace connfate::witness {

/// When that end came long enough after the data was first sent, and acknowledges nothing of it:
/// adds D2 or D7 to `end` and sets path_proven_alive where a sign of life proves it, or else D3 and
/// waited_in_vain. A shorter wait is told.
void add_wait_in_vain(Attribution& end, const WireHistory& history, const HostFacts& host,
                      const Silence& silence);

}  // namespace connfate::witness

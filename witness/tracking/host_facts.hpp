// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides what the host itself knows of a connection, for the rules about its packets, and what is
// left of the packets when everything is put aside that nobody's evidence is.
// Used by line_maker.cpp, before any rule looks.

#include "witness/tracking/line_maker.hpp"

namespace connfate::witness {

HostFacts host_facts(const Known& known);

/// `all` with the admitted part of its history. A packet that had been forgotten for its numbers
/// and is the connection's own by the counters counts as lost.
Known admissible(const Known& all);

}  // namespace connfate::witness

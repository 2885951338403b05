// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the words for the places of the lab's network. network.hpp draws the topologies.

#include <cstdint>

namespace connfate::lab {

enum class Topology : std::uint8_t {
  kOneBox,  ///< one router with a stateful firewall
  kPair,    ///< two of them side by side, which share no state
  kNat,     ///< one, which also translates addresses
};

/// An end of the network.
enum class Host : std::uint8_t { kClient, kServer };

/// A router with nft and a connection table of its own. Only kPair has a second.
enum class Box : std::uint8_t { kA, kB };

}  // namespace connfate::lab

// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides least_telling(): which of a connection's packets can be forgotten first. Every kind of
// packet has its quota of first and of last ones; what is in the middle goes. Used by WireHistory.

#include <cstddef>
#include <span>

#include "witness/wire/packet.hpp"

namespace connfate::witness {

/// Packets that no quota lets go of; with one more there is always one to forget.
inline constexpr std::size_t kQuotaTotal = 30;

/// Index into `packets`, which are in the order of time and more than kQuotaTotal.
std::size_t least_telling(std::span<const Packet> packets) noexcept;

}  // namespace connfate::witness

// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides effect_of(): what a captured RST did to the connection, by the rules a receiver follows
// (RFC 9293, RFC 5961). Used by WireHistory and by the rules of rst_origin.hpp.
// Surprising: the capture stands in front of the host's firewall, so a RST that was seen need not
// have reached TCP; and of the client's data it sees a sample only, so a RST that seems to lie
// ahead may have been exact. kUnknown is the answer then.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "witness/wire/wire_history.hpp"

namespace connfate::witness {

/// Packets get their instants from another clock than the events of sockets do: apart by less than
/// this they have no order.
inline constexpr Duration kClockSkew = std::chrono::milliseconds(20);

/// The sequence number this host waits for next, as far as these packets tell; nullopt without any.
std::optional<std::uint32_t> next_expected(std::span<const Packet> packets) noexcept;

/// The same at the very end, by the final TCP_INFO; nullopt when that or the SYN is missing.
std::optional<std::uint32_t> last_expected(std::span<const Packet> packets,
                                           const HostFacts& host) noexcept;

/// `packets[index]` is an incoming RST.
RstEffect effect_of(std::span<const Packet> packets, std::size_t index,
                    const HostFacts& host) noexcept;

}  // namespace connfate::witness

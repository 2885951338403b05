// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the kernel filter of the capture: which packets of the served ports are worth copying.
// The ends of connections in both directions (SYN, FIN, RST), enough of the client's data to know
// its TTL and what it has acknowledged (PSH), and ICMP errors. Used by capture.cpp.

#include <linux/filter.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "witness/wire/packet.hpp"

namespace connfate::witness {

/// Ports as inclusive ranges, at most `most` of them: where there are more, the closest neighbours
/// are joined, and the ports between them with them. `ports` ascend.
std::vector<std::pair<std::uint16_t, std::uint16_t>> to_ranges(std::span<const std::uint16_t> ports,
                                                               std::size_t most);

/// The expression in the language of pcap-filter(7); `with_vlan` also for frames that carry a tag.
std::string filter_expression(std::span<const std::uint16_t> ports, bool with_vlan);

/// The filter as the kernel takes it, for frames of that link layer. A program of a kLinuxSll2
/// capture looks at the packet without its link header, as the kernel does for cooked sockets.
/// Throws std::runtime_error when libpcap refuses it.
std::vector<sock_filter> compile_filter(std::span<const std::uint16_t> ports, LinkLayer link);

}  // namespace connfate::witness

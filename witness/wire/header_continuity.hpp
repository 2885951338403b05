// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides HeaderContinuity: does the header of a RST go on where the client's own packets left off
// (timestamps, IP identification)? A stranger who did not see them all can hardly make it so. Used
// by the rules of rst_origin.hpp, and by WireHistory, which believes the acknowledgement number of
// such a RST only.

#include <cstddef>
#include <span>
#include <string>

#include "witness/attribution/attribution.hpp"
#include "witness/wire/wire_history.hpp"

namespace connfate::witness {

struct HeaderContinuity {
  Confidence confidence = Confidence::kNone;
  std::string statement;
};

/// `packets[index]` is an incoming RST. Does not look at its TTL.
HeaderContinuity header_continuity(std::span<const Packet> packets, std::size_t index,
                                   const HostFacts& host);

/// The header strongly continues the client's, and it has come as far as the client's packets.
bool continues_client_header(std::span<const Packet> packets, std::size_t index);

}  // namespace connfate::witness

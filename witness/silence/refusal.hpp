// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides what an ICMP error tells about who kept data from arriving: that somebody between the
// two ends forbade it (rule D6 of silence.hpp), or nothing. Used by silence.hpp.
// Surprising: that a host, a network or a route is not there names nobody. A router says so as well
// when it is the client that is gone.

#include <optional>

#include "witness/instant.hpp"
#include "witness/wire/wire_facts.hpp"

namespace connfate::witness {

/// The message forbids, its sender is neither the client nor this host, and it came after the
/// client was last heard and before this host gave up, if it has.
bool is_refused_on_path(const IcmpError& error, Instant last_heard,
                        std::optional<Instant> ended_at) noexcept;

/// The message of the connection that does; nullptr: none.
const IcmpError* refusal_in(const WireFacts& facts, Instant last_heard,
                            std::optional<Instant> ended_at) noexcept;

}  // namespace connfate::witness

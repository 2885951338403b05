// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the judgement of the RST that ended a connection: who sent it, from the packets around
// it. An ordered set of rules, each with a stable id and its wording; none convicts by one header
// field alone. Used by the tracker.
// Surprising: the first terminating event decides what is judged. After a RST that somebody else
// forged, and after a timeout, this host's own kernel sends genuine RSTs: those are consequences.

#include <span>

#include "witness/attribution/attribution.hpp"
#include "witness/attribution/attribution_rule.hpp"
#include "witness/origin/rst_fingerprints.hpp"
#include "witness/wire/wire_history.hpp"

namespace connfate::witness {

/// P1 to P14, N1, N2 of the evidence model (docs/who_sent_the_rst.md), in its order.
std::span<const AttributionRule> origin_rules() noexcept;

/// Judges the first terminating RST of `history`. rst_from is nullopt when there was none: also
/// when the RSTs that came had no effect, or were a consequence of a close; the statements say so
/// then, and confidence is none. `fingerprints` may be null.
Attribution attribute_rst(const WireHistory& history, const HostFacts& host,
                          RstFingerprints* fingerprints);

}  // namespace connfate::witness

// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the judgement of the RST that ended a connection: who sent it, from the packets around
// it. An ordered set of rules, each with a stable id and its wording; none convicts by one header
// field alone. Used by the tracker.
// Surprising: the first terminating event decides what is judged. After a RST that somebody else
// forged, and after a timeout, this host's own kernel sends genuine RSTs: those are consequences.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <span>

#include "witness/attribution/attribution.hpp"
#include "witness/attribution/attribution_rule.hpp"
#include "witness/wire/wire_history.hpp"

namespace connfate::witness {

/// P1 to P14, N1, N2 of the evidence model (docs/who_sent_the_rst.md), in its order.
std::span<const AttributionRule> origin_rules() noexcept;

/// RSTs of many connections by their header's fingerprint: one device that resets many clients
/// shows itself in the aggregate only (rule P3). Bounded; forgets the oldest.
class RstFingerprints {
 public:
  /// Counts the first RST of `history`, once however often it is asked, and says whether its
  /// fingerprint (TTL, flags, window) has by now been seen in at least 5 RSTs for at least 3 client
  /// prefixes (/24, /48) whose own distances differ by 2 hops or more. RSTs that have come as far
  /// as the client's own packets are not counted: they need no device.
  bool is_one_device(const WireHistory& history);

  std::size_t size() const noexcept { return seen_.size(); }  ///< fingerprints

  static constexpr std::size_t kCapacity = 256;  ///< fingerprints
  static constexpr std::size_t kSamples = 16;    ///< RSTs of each

 private:
  struct Sample {
    Flow flow;
    Instant at;
    int client_hops = 0;
  };
  using Samples = std::deque<Sample>;

  void forget_oldest();

  std::map<std::uint64_t, Samples> seen_;
};

/// Judges the first terminating RST of `history`. rst_from is nullopt when there was none: also
/// when the RSTs that came had no effect, or were a consequence of a close; the statements say so
/// then, and confidence is none. `fingerprints` may be null.
Attribution attribute_rst(const WireHistory& history, const HostFacts& host,
                          RstFingerprints* fingerprints);

}  // namespace connfate::witness

// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides signs_of_life(): what tells whether the client was there while this host repeated its
// data in vain. Used by silence.cpp and waiting_client.cpp.
// Surprising: a packet proves that its sender lived when it was sent, and nothing about the time
// before: a client that was off the net for some seconds comes back with one, too. Only where
// something was sent after it, and lost as well, did the client live while data was lost.

#include <optional>

#include "witness/silence/silence.hpp"
#include "witness/silence/silence_timing.hpp"

namespace connfate::witness {

struct SignsOfLife {
  /// The client was heard then, after the data had been repeated long enough, and what was sent
  /// again later went unanswered, too (D2).
  std::optional<Instant> heard;
  const Packet* heard_packet = nullptr;  ///< by which; null when only the kernel saw it
  /// The third or a later copy of what this host had taken and answered each time (D7).
  const Packet* repeated = nullptr;
  /// The latest packet that came after the data had been repeated long enough: at least that (D3).
  const Packet* late = nullptr;

  bool prove_the_path() const noexcept { return heard || repeated != nullptr; }
};

/// What of the client acknowledges exactly what had been acknowledged before. Up to the end of the
/// socket only what its kernel took counts: what it did not take this host may have kept from it.
SignsOfLife signs_of_life(const WireHistory& history, const HostFacts& host, const Silence& silence,
                          const std::optional<SilenceTiming>& timing);

}  // namespace connfate::witness

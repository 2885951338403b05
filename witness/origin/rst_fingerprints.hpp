// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides RstFingerprints: RSTs of many connections by their header's fingerprint. One device that
// resets many clients shows itself in the aggregate only (rule P3). Bounded; forgets the oldest.
// Used by the rules of rst_origin.hpp; the line maker keeps one.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>

#include "connfate/endpoint.hpp"
#include "witness/wire/wire_history.hpp"

namespace connfate::witness {

class RstFingerprints {
 public:
  /// Counts packets()[reset] of `history`, once however often it is asked, and says whether its
  /// fingerprint (TTL, flags, window) has by now been seen in at least 5 RSTs for at least 3 client
  /// prefixes (/24, /48) whose own distances differ by 2 hops or more. RSTs that have come as far
  /// as the client's own packets are not counted: they need no device.
  bool is_one_device(const WireHistory& history, std::size_t reset);

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

}  // namespace connfate::witness

// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides QueueDrops: when the queues of this host's interfaces dropped packets, as far as their
// counters were read. A queue may drop what TCP was told had been sent (netem; fq_codel, RED and
// others that drop an older packet for a new one): neither the socket's counters nor the capture,
// which lies behind the queues, knows of it. Used by the tracker for rule H6.
// Surprising: it never tells whose packet was dropped, so it convicts nobody; it only keeps others
// from being named.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "witness/instant.hpp"

namespace connfate::witness {

class QueueDrops {
 public:
  static constexpr std::size_t kCapacity = 512;  ///< readings; only those that differ are kept

  /// `total`: of all queues. It may fall, when an interface goes.
  void note(std::uint64_t total, Instant at);

  /// At most so many packets were dropped then; of what was forgotten, all that is not known to be
  /// older counts. 0 where nothing was ever read.
  std::uint64_t between(Instant from, Instant to) const noexcept;

 private:
  struct Growth {
    Instant after;  ///< the reading before
    Instant by;
    std::uint64_t packets;
  };

  std::vector<Growth> growths_;  ///< oldest first
  std::uint64_t total_ = 0;
  Instant read_at_;
  bool has_read_ = false;
};

}  // namespace connfate::witness

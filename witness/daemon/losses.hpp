// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Losses: what was lost since the log said so last, gathered into one line a second at
// most. Pure. Used by the service.

#include <cstdint>
#include <optional>

#include "witness/instant.hpp"
#include "witness/lines/event_line.hpp"
#include "witness/tracking/loss.hpp"

namespace connfate::witness {

class Losses {
 public:
  void add(LossOf what, std::uint64_t count) noexcept;

  /// `total`: lines of the log lost since the start.
  void set_lost_lines(std::uint64_t total) noexcept { lost_lines_ = total; }

  /// The line that is due; nullopt when nothing was lost, or the last one is less than a second
  /// old. The time of the line is left to the caller.
  std::optional<EventLine> take(Instant now);

 private:
  std::uint64_t socket_ends_ = 0, packets_ = 0, reports_ = 0;
  std::uint64_t lost_lines_ = 0, told_lost_lines_ = 0;
  std::optional<Instant> told_at_;
};

}  // namespace connfate::witness

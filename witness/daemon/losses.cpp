// SPDX-License-Identifier: Apache-2.0
#include "witness/daemon/losses.hpp"

namespace connfate::witness {

void Losses::add(LossOf what, std::uint64_t count) noexcept {
  switch (what) {
    case LossOf::kSocketEnds: socket_ends_ += count; break;
    case LossOf::kPackets: packets_ += count; break;
    case LossOf::kReports: reports_ += count; break;
  }
}

std::optional<EventLine> Losses::take(Instant now) {
  const std::uint64_t lines = lost_lines_ - told_lost_lines_;
  if (socket_ends_ + packets_ + reports_ + lines == 0) return std::nullopt;
  if (told_at_ && now - *told_at_ < std::chrono::seconds(1)) return std::nullopt;
  EventLine line{.event = "loss",
                 .time = {},
                 .items = {{"socket_ends", socket_ends_},
                           {"packets", packets_},
                           {"reports", reports_},
                           {"lines", lines}}};
  socket_ends_ = packets_ = reports_ = 0;
  told_lost_lines_ = lost_lines_;
  told_at_ = now;
  return line;
}

}  // namespace connfate::witness

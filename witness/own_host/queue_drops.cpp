// SPDX-License-Identifier: Apache-2.0
#include "witness/own_host/queue_drops.hpp"

namespace connfate::witness {

void QueueDrops::note(std::uint64_t total, Instant at) {
  if (has_read_ && total > total_) {
    if (growths_.size() == kCapacity) {  // the two oldest become one
      growths_[1].after = growths_[0].after;
      growths_[1].packets += growths_[0].packets;
      growths_.erase(growths_.begin());
    }
    growths_.push_back({read_at_, at, total - total_});
  }
  total_ = total;
  read_at_ = at;
  has_read_ = true;
}

std::uint64_t QueueDrops::between(Instant from, Instant to) const noexcept {
  std::uint64_t packets = 0;
  for (const Growth& growth : growths_) {
    if (growth.by >= from && growth.after <= to) packets += growth.packets;
  }
  return packets;
}

}  // namespace connfate::witness

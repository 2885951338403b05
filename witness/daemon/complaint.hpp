// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Complaint: says one kind of trouble on standard error, at most once a minute, however
// often it occurs. Used by the service, one per kind.

#include <spdlog/spdlog.h>

#include <cstdint>
#include <optional>
#include <string_view>

#include "witness/instant.hpp"

namespace connfate::witness {

class Complaint {
 public:
  void say(std::string_view what, Instant now) {
    ++count_;
    if (said_at_ && now - *said_at_ < std::chrono::minutes(1)) return;
    said_at_ = now;
    spdlog::warn("{} ({} times since the start)", what, count_);
  }

  std::uint64_t count() const noexcept { return count_; }

 private:
  std::uint64_t count_ = 0;
  std::optional<Instant> said_at_;
};

}  // namespace connfate::witness

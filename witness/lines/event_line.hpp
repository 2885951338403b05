// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides EventLine: a line of the log about the witness itself (it started, it stopped, it lost
// something), spelled as the lines about responses are. Without these, a gap in the log would look
// like a time in which nothing went wrong. Pure. Used by the service.

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "connfate/host_identity.hpp"

namespace connfate::witness {

struct EventLine {
  using Value = std::variant<std::uint64_t, std::string>;

  std::string_view event;  ///< "witness_started", "witness_stopped", "loss"
  std::chrono::sys_time<std::chrono::microseconds> time{};
  std::vector<std::pair<std::string_view, Value>> items;
  const HostIdentity* identity = nullptr;  ///< whose line it is
};

std::string to_json(const EventLine& line);
std::string to_logfmt(const EventLine& line);

}  // namespace connfate::witness

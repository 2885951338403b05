// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the two ways through a cable, named after where a frame is going.

#include <cstddef>
#include <cstdint>

namespace connfate::lab {

enum class Direction : std::uint8_t { kToServer, kToClient };

constexpr Direction opposite(Direction way) {
  return way == Direction::kToServer ? Direction::kToClient : Direction::kToServer;
}

constexpr std::size_t index_of(Direction way) {
  return way == Direction::kToServer ? 0 : 1;
}

}  // namespace connfate::lab

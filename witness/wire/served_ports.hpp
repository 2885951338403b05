// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides ServedPorts: the TCP ports that this host serves, which decide which end of a frame is
// ours. Filled by the daemon, asked for each frame.

#include <array>
#include <cstddef>
#include <cstdint>

namespace connfate::witness {

class ServedPorts {
 public:
  void add(std::uint16_t port);
  bool contains(std::uint16_t port) const noexcept;
  bool empty() const noexcept { return count_ == 0; }

 private:
  std::array<std::uint64_t, 1024> bits_{};
  std::size_t count_ = 0;
};

}  // namespace connfate::witness

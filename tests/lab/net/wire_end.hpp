// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides WireEnd: an AF_PACKET socket on one interface. It sees what arrives at the interface,
// not what is sent through it, and sends frames as they are. Failure: the constructor throws
// std::system_error. It belongs to the namespace it was made in.

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "lab/net/segment.hpp"

namespace connfate::lab {

class WireEnd {
 public:
  /// In the calling thread's namespace.
  explicit WireEnd(const std::string& interface);
  ~WireEnd();
  WireEnd(const WireEnd&) = delete;
  WireEnd& operator=(const WireEnd&) = delete;

  int fd() const { return fd_; }
  /// The frame in `into`; nullopt when none waits. Never blocks.
  std::optional<FrameView> receive(std::span<std::uint8_t> into) const;
  /// False when the kernel would not take it (too long for the link, link down).
  bool send(FrameView frame) const;
  /// Frames that found the queue full since the last call.
  std::uint64_t take_overruns() const;

 private:
  int fd_;
};

}  // namespace connfate::lab

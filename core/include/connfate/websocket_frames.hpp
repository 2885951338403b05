// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides WebSocketFrames: follows the frames of one direction of a WebSocket (RFC 6455, section
// 5.2) and knows whether a Close frame has gone by whole. It looks at the heads of frames only.
// Used by both modules, which hand it what the tunnel sends to the client: a tunnel has no
// length, so that only a Close frame tells a good end from one in mid message.

#include <array>
#include <cstdint>
#include <span>

namespace connfate {

class WebSocketFrames {
 public:
  /// The next bytes of the stream, in pieces of any size.
  void take(std::span<const unsigned char> bytes) noexcept;

  /// Whether a whole Close frame was among them. Nothing may follow one.
  bool closed() const noexcept { return closed_; }

 private:
  std::size_t head_size() const noexcept;
  void end_of_head() noexcept;
  void end_of_frame() noexcept;

  static constexpr std::size_t kLongestHead = 14;  // two bytes, length of eight, mask of four

  std::uint64_t payload_left_ = 0;
  std::array<unsigned char, kLongestHead> head_{};
  std::uint8_t head_has_ = 0;
  bool closed_ = false;
};

}  // namespace connfate

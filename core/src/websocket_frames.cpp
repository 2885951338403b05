// SPDX-License-Identifier: Apache-2.0
#include "connfate/websocket_frames.hpp"

#include <algorithm>

namespace connfate {
namespace {

constexpr unsigned kOpcode = 0x0f;
constexpr unsigned kClose = 0x8;
constexpr unsigned kMasked = 0x80;
constexpr unsigned kLength = 0x7f;
constexpr unsigned kLengthOfTwo = 126;
constexpr unsigned kLengthOfEight = 127;
constexpr std::size_t kShortest = 2;
constexpr std::size_t kMaskSize = 4;

std::size_t extended_length(unsigned length) noexcept {
  if (length == kLengthOfTwo) return 2;
  return length == kLengthOfEight ? 8 : 0;
}

}  // namespace

std::size_t WebSocketFrames::head_size() const noexcept {
  if (head_has_ < kShortest) return kShortest;
  const std::size_t mask = (head_[1] & kMasked) != 0 ? kMaskSize : 0;
  return kShortest + extended_length(head_[1] & kLength) + mask;
}

void WebSocketFrames::end_of_head() noexcept {
  const unsigned length = head_[1] & kLength;
  payload_left_ = length;
  if (const std::size_t extended = extended_length(length)) {
    payload_left_ = 0;
    for (std::size_t i = 0; i < extended; ++i) {
      payload_left_ = payload_left_ << 8 | head_[kShortest + i];
    }
  }
  if (payload_left_ == 0) end_of_frame();
}

void WebSocketFrames::end_of_frame() noexcept {
  if ((head_[0] & kOpcode) == kClose) closed_ = true;
  head_has_ = 0;
}

void WebSocketFrames::take(std::span<const unsigned char> bytes) noexcept {
  while (!bytes.empty() && !closed_) {
    if (payload_left_ > 0) {
      const std::uint64_t part = std::min<std::uint64_t>(payload_left_, bytes.size());
      bytes = bytes.subspan(part);
      payload_left_ -= part;
      if (payload_left_ == 0) end_of_frame();
      continue;
    }
    head_[head_has_++] = bytes.front();
    bytes = bytes.subspan(1);
    if (head_has_ == head_size()) end_of_head();
  }
}

}  // namespace connfate

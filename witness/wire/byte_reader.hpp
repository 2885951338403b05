// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides ByteReader: takes numbers in network byte order off the front of bytes that nobody
// vouches for. Used by packet.cpp and ip_header.cpp.
// Surprising: reading past the end gives zeros and ends all further reading; ask failed() once,
// after the last field, instead of before each.

#include <cstddef>
#include <cstdint>
#include <span>

namespace connfate::witness {

class ByteReader {
 public:
  explicit ByteReader(std::span<const std::byte> bytes) noexcept : rest_(bytes) {}

  std::uint8_t u8() noexcept { return static_cast<std::uint8_t>(number(1)); }
  std::uint16_t u16() noexcept { return static_cast<std::uint16_t>(number(2)); }
  std::uint32_t u32() noexcept { return number(4); }

  std::span<const std::byte> take(std::size_t count) noexcept {
    if (count > rest_.size()) {
      failed_ = true;
      rest_ = {};
      return {};
    }
    const auto taken = rest_.first(count);
    rest_ = rest_.subspan(count);
    return taken;
  }
  void skip(std::size_t count) noexcept { (void)take(count); }

  bool failed() const noexcept { return failed_; }
  std::span<const std::byte> rest() const noexcept { return rest_; }

 private:
  std::uint32_t number(std::size_t size) noexcept {
    std::uint32_t value = 0;
    for (const std::byte byte : take(size))
      value = value << 8 | std::to_integer<std::uint32_t>(byte);
    return value;
  }

  std::span<const std::byte> rest_;
  bool failed_ = false;
};

}  // namespace connfate::witness

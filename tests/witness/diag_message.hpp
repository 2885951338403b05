// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides DiagMessage: the payload of a SOCK_DIAG message, put together byte by byte. The offsets
// are spelled out a second time on purpose: a wrong one in the decoder must not be wrong here too.

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

namespace connfate::witness::fixture {

class DiagMessage {
 public:
  /// `family` 2 (IPv4) or 10 (IPv6).
  explicit DiagMessage(std::uint8_t family) : bytes_(72) {
    bytes_[0] = std::byte{family};
    bytes_[1] = std::byte{7};  // CLOSE
  }

  DiagMessage& local(std::span<const std::uint8_t> address, std::uint16_t port) {
    return endpoint(4, 8, address, port);
  }
  DiagMessage& remote(std::span<const std::uint8_t> address, std::uint16_t port) {
    return endpoint(6, 24, address, port);
  }
  DiagMessage& state(std::uint8_t value) {
    bytes_[1] = std::byte{value};
    return *this;
  }
  DiagMessage& cookie(std::uint64_t value) { return put(44, value); }
  DiagMessage& queues(std::uint32_t unread, std::uint32_t unacked) {
    return put(56, unread).put(60, unacked);
  }
  DiagMessage& attribute(std::uint16_t type, std::span<const std::byte> value) {
    const auto length = static_cast<std::uint16_t>(4 + value.size());
    const std::size_t at = bytes_.size();
    bytes_.resize(at + (length + 3U) / 4U * 4U);
    std::memcpy(bytes_.data() + at + 4, value.data(), value.size());
    return put(at, length).put(at + 2, type);
  }

  std::span<const std::byte> bytes() const noexcept { return bytes_; }

 private:
  template <typename T>
  DiagMessage& put(std::size_t offset, T value) {
    std::memcpy(bytes_.data() + offset, &value, sizeof value);
    return *this;
  }
  DiagMessage& endpoint(std::size_t port_at, std::size_t address_at,
                        std::span<const std::uint8_t> address, std::uint16_t port) {
    bytes_[port_at] = static_cast<std::byte>(port >> 8U);
    bytes_[port_at + 1] = static_cast<std::byte>(port & 0xffU);
    std::memcpy(bytes_.data() + address_at, address.data(), address.size());
    return *this;
  }

  std::vector<std::byte> bytes_;
};

}  // namespace connfate::witness::fixture

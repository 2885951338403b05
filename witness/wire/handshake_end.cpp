// SPDX-License-Identifier: Apache-2.0
#include "witness/wire/handshake_end.hpp"

#include <cstdint>

#include "witness/wire/byte_reader.hpp"

namespace connfate::witness {

/// TLS 1.3 hides the type of a Finished, but not its length: 4 bytes and a hash (RFC 8446, 4.4.4),
/// type and tag are 17 more. Its ChangeCipherSpec is there for old devices (D.4); without one
/// nothing is said.
bool ends_handshake(std::span<const std::byte> payload) noexcept {
  constexpr std::uint8_t kChangeCipherSpec = 0x14;
  constexpr std::uint8_t kHandshake = 0x16;
  constexpr std::uint8_t kApplicationData = 0x17;
  constexpr std::uint16_t kHidden256 = 4 + 32 + 17;
  constexpr std::uint16_t kHidden384 = 4 + 48 + 17;
  ByteReader in(payload);
  bool changed = false;
  while (!in.failed() && !in.rest().empty()) {
    const std::uint8_t type = in.u8();
    const bool is_tls = in.u8() == 3;
    in.skip(1);
    const std::uint16_t length = in.u16();
    in.skip(length);
    if (!is_tls) return false;
    if (changed) {
      const bool hidden =
          type == kApplicationData && (length == kHidden256 || length == kHidden384);
      return (hidden || type == kHandshake) && in.rest().empty() && !in.failed();
    }
    changed = type == kChangeCipherSpec;
    if (!changed && type != kHandshake) return false;
  }
  return false;
}

}  // namespace connfate::witness

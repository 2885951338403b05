// SPDX-License-Identifier: Apache-2.0
#include "witness/wire/farewell.hpp"

#include <cstdint>

#include "witness/wire/byte_reader.hpp"

namespace connfate::witness {

/// TLS 1.3 hides the type of a record, but not its length: 2 bytes of content are an alert, 17 a
/// GOAWAY without debug data (RFC 8446 5.2: type and tag are 17 more; RFC 9113 6.8).
bool is_farewell(std::span<const std::byte> payload) noexcept {
  constexpr std::uint8_t kAlert = 0x15;
  constexpr std::uint8_t kApplicationData = 0x17;
  constexpr std::uint16_t kHiddenAlert = 2 + 17;
  constexpr std::uint16_t kHiddenGoaway = 17 + 17;
  constexpr std::uint32_t kGoaway = 0x00000807;  // length 8, type 7
  if (payload.size() == 17) return ByteReader(payload).u32() == kGoaway;
  ByteReader in(payload);
  while (!in.failed() && !in.rest().empty()) {
    const std::uint8_t type = in.u8();
    const bool is_tls = in.u8() == 3;
    in.skip(1);
    const std::uint16_t length = in.u16();
    in.skip(length);
    const bool hidden =
        type == kApplicationData && (length == kHiddenAlert || length == kHiddenGoaway);
    if (!is_tls || !(type == kAlert || hidden)) return false;
  }
  return !payload.empty() && !in.failed();
}

}  // namespace connfate::witness

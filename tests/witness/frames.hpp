// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides frames byte by byte, for the tests of the parser: each part in network byte order, and
// wrap functions that put one layer around another.

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <vector>

namespace connfate::witness::frames {

using Bytes8 = std::vector<std::uint8_t>;

inline Bytes8 operator+(Bytes8 a, const Bytes8& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

inline Bytes8 u16(std::size_t value) {
  return {static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value)};
}

inline Bytes8 u32(std::size_t value) {
  return u16(value >> 16 & 0xffff) + u16(value & 0xffff);
}

inline Bytes8 text(std::string_view value) {
  return {value.begin(), value.end()};
}

inline Bytes8 zeros(std::size_t count) {
  return Bytes8(count, 0);
}

struct Tcp {
  std::size_t source = 40000, destination = 443;
  std::size_t seq = 1000, ack = 2000;
  std::uint8_t flags = 0x18;  // PSH, ACK
  std::size_t window = 502;
  Bytes8 options = {};
  Bytes8 payload = {};
};

inline Bytes8 tcp(const Tcp& t) {
  const auto words = static_cast<std::uint8_t>(5 + t.options.size() / 4);
  return u16(t.source) + u16(t.destination) + u32(t.seq) + u32(t.ack) +
         Bytes8{static_cast<std::uint8_t>(words << 4), t.flags} + u16(t.window) + zeros(4) +
         t.options + t.payload;
}

inline const Bytes8 kClient4 = {192, 0, 2, 7};
inline const Bytes8 kServer4 = {198, 51, 100, 1};
inline const Bytes8 kClient6 = Bytes8{0x20, 0x01, 0x0d, 0xb8} + zeros(11) + Bytes8{7};
inline const Bytes8 kServer6 = Bytes8{0x20, 0x01, 0x0d, 0xb8} + zeros(11) + Bytes8{1};

struct Ip4 {
  Bytes8 source = kClient4, destination = kServer4;
  std::uint8_t protocol = 6, ttl = 52;
  std::size_t fragment = 0x4000;  // DF
  std::size_t id = 500;
  Bytes8 options = {};
  std::size_t extra = 0;  ///< bytes on the wire that were not captured
};

inline Bytes8 ip4(const Bytes8& payload, const Ip4& i = {}) {
  const std::size_t header = 20 + i.options.size();
  return Bytes8{static_cast<std::uint8_t>(0x40 | header / 4), 0} +
         u16(header + payload.size() + i.extra) + u16(i.id) + u16(i.fragment) +
         Bytes8{i.ttl, i.protocol, 0, 0} + i.source + i.destination + i.options + payload;
}

/// `next` is the protocol of what `payload` begins with.
inline Bytes8 ip6(const Bytes8& payload, std::uint8_t next = 6) {
  return Bytes8{0x60, 0x0a, 0xbc, 0xde} + u16(payload.size()) + Bytes8{next, 57} + kClient6 +
         kServer6 + payload;
}

inline Bytes8 ethernet(const Bytes8& payload, std::size_t type = 0x0800) {
  return Bytes8{2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0x25} + u16(type) + payload;
}

inline Bytes8 vlan(std::size_t id, const Bytes8& payload, std::size_t type = 0x0800) {
  return u16(0x2000 | id) + u16(type) + payload;
}

inline Bytes8 sll2(const Bytes8& payload, std::size_t type = 0x0800) {
  return u16(type) + zeros(2) + u32(3) + u16(1) + Bytes8{0, 6, 2, 0, 0, 0, 0, 0x25, 0, 0} + payload;
}

}  // namespace connfate::witness::frames

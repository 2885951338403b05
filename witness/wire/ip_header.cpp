// SPDX-License-Identifier: Apache-2.0
#include "witness/wire/ip_header.hpp"

#include <algorithm>
#include <array>

#include "witness/wire/byte_reader.hpp"

namespace connfate::witness {
namespace {

using ParsedHeader = std::variant<Skipped, IpHeader>;

constexpr std::size_t kIpv4HeaderSize = 20;
constexpr std::uint16_t kDontFragment = 0x4000;
constexpr std::uint16_t kFragmentOffset = 0x1fff;

// Extension headers of IPv6 (RFC 8200, 4302, 6275, 7401, 5533).
constexpr std::uint8_t kHopByHop = 0;
constexpr std::uint8_t kRouting = 43;
constexpr std::uint8_t kFragment = 44;
constexpr std::uint8_t kAuthentication = 51;
constexpr std::uint8_t kDestinationOptions = 60;
constexpr std::uint8_t kMobility = 135;
constexpr std::uint8_t kHostIdentity = 139;
constexpr std::uint8_t kShim6 = 140;

Endpoint address_of(std::span<const std::byte> bytes) noexcept {
  std::array<std::uint8_t, 16> address{};
  std::transform(bytes.begin(), bytes.end(), address.begin(),
                 [](std::byte b) { return std::to_integer<std::uint8_t>(b); });
  return Endpoint::from(std::span(address).first(bytes.size()), 0);
}

/// Drops what the link added behind the packet (Ethernet pads to 60 bytes). A size of 0 is that of
/// a packet of more than 64 KiB before the network card cuts it up (include/net/ip.h, 6.3).
void set_payload(IpHeader& header, std::span<const std::byte> rest, std::size_t size) noexcept {
  header.payload_size = size;
  header.payload = rest.first(std::min(rest.size(), size));
}

ParsedHeader parse_ipv4(std::span<const std::byte> bytes) noexcept {
  ByteReader in(bytes);
  IpHeader header;
  const std::size_t header_size = std::size_t{in.u8() & 0x0fU} * 4;
  in.skip(1);
  const std::size_t total = in.u16();
  header.id = in.u16();
  const std::uint16_t fragment = in.u16();
  header.ttl = in.u8();
  header.protocol = in.u8();
  in.skip(2);
  header.source = address_of(in.take(4));
  header.destination = address_of(in.take(4));
  if (in.failed()) return Skipped::kCutShort;
  if (header_size < kIpv4HeaderSize) return Skipped::kMalformed;
  if ((fragment & kFragmentOffset) != 0) return Skipped::kFragment;
  in.skip(header_size - kIpv4HeaderSize);
  if (in.failed()) return Skipped::kCutShort;
  if (total != 0 && total < header_size) return Skipped::kMalformed;
  header.dont_fragment = (fragment & kDontFragment) != 0;
  set_payload(header, in.rest(), total == 0 ? in.rest().size() : total - header_size);
  return header;
}

bool is_extension(std::uint8_t protocol) noexcept {
  switch (protocol) {
    case kHopByHop:
    case kRouting:
    case kFragment:
    case kAuthentication:
    case kDestinationOptions:
    case kMobility:
    case kHostIdentity:
    case kShim6: return true;
    default: return false;
  }
}

/// Steps over one extension header, or says what is wrong with it.
std::optional<Skipped> skip_extension(IpHeader& header) noexcept {
  ByteReader in(header.payload);
  const std::uint8_t kind = header.protocol;
  header.protocol = in.u8();
  const std::size_t length = in.u8();
  std::size_t size = (length + 1) * 8;
  if (kind == kAuthentication) size = (length + 2) * 4;
  if (kind == kFragment) {
    size = 8;
    if ((in.u16() >> 3) != 0) return Skipped::kFragment;
  }
  if (size > header.payload_size) return Skipped::kMalformed;
  if (in.failed() || size > header.payload.size()) return Skipped::kCutShort;
  header.payload = header.payload.subspan(size);
  header.payload_size -= size;
  return std::nullopt;
}

ParsedHeader parse_ipv6(std::span<const std::byte> bytes) noexcept {
  ByteReader in(bytes);
  IpHeader header;
  in.skip(4);  // version, traffic class, flow label
  const std::size_t size = in.u16();
  header.protocol = in.u8();
  header.ttl = in.u8();
  header.source = address_of(in.take(16));
  header.destination = address_of(in.take(16));
  if (in.failed()) return Skipped::kCutShort;
  set_payload(header, in.rest(), size == 0 ? in.rest().size() : size);
  while (is_extension(header.protocol)) {
    if (const auto reason = skip_extension(header)) return *reason;
  }
  return header;
}

}  // namespace

std::variant<Skipped, IpHeader> parse_ip(std::span<const std::byte> bytes) noexcept {
  if (bytes.empty()) return Skipped::kCutShort;
  switch (std::to_integer<int>(bytes.front()) >> 4) {
    case 4: return parse_ipv4(bytes);
    case 6: return parse_ipv6(bytes);
    default: return Skipped::kMalformed;
  }
}

}  // namespace connfate::witness

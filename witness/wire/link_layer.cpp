// SPDX-License-Identifier: Apache-2.0
#include "witness/wire/link_layer.hpp"

#include <algorithm>

#include "witness/wire/byte_reader.hpp"

namespace connfate::witness {
namespace {

constexpr std::uint16_t kEtherIpv4 = 0x0800;
constexpr std::uint16_t kEtherIpv6 = 0x86dd;
constexpr std::uint16_t kVlanIdentifier = 0x0fff;
constexpr std::uint16_t kArpLoopback = 772;  // ARPHRD_LOOPBACK, include/uapi/linux/if_arp.h

bool is_vlan_tag(std::uint16_t type) noexcept {
  return type == 0x8100 || type == 0x88a8 || type == 0x9100;  // 802.1Q, 802.1ad, and its forerunner
}

/// Steps over VLAN tags, of which the outermost is kept: the one that this host's switch set.
void open_tags(Envelope& envelope, ByteReader& in, std::uint16_t type) noexcept {
  while (is_vlan_tag(type) && !in.failed()) {
    const std::uint16_t tag = in.u16();
    if (!envelope.vlan) envelope.vlan = tag & kVlanIdentifier;
    type = in.u16();
  }
  envelope.packet = in.rest();
  if (in.failed()) {
    envelope.skipped = Skipped::kCutShort;
  } else if (type != kEtherIpv4 && type != kEtherIpv6) {
    envelope.skipped = Skipped::kNotIp;
  }
}

void take_mac(Envelope& envelope, std::span<const std::byte> bytes) noexcept {
  if (bytes.size() != envelope.source_mac.size()) return;
  std::transform(bytes.begin(), bytes.end(), envelope.source_mac.begin(),
                 [](std::byte b) { return std::to_integer<std::uint8_t>(b); });
}

Envelope open_ethernet(std::span<const std::byte> frame) noexcept {
  ByteReader in(frame);
  Envelope envelope;
  in.skip(envelope.source_mac.size());
  take_mac(envelope, in.take(envelope.source_mac.size()));
  open_tags(envelope, in, in.u16());
  return envelope;
}

/// LINKTYPE_LINUX_SLL2: type, reserved, interface, ARP hardware type, packet type, address length,
/// eight bytes for the sender's address.
Envelope open_sll2(std::span<const std::byte> frame) noexcept {
  ByteReader in(frame);
  Envelope envelope;
  const std::uint16_t type = in.u16();
  in.skip(2);
  envelope.interface = in.u32();
  envelope.loopback = in.u16() == kArpLoopback;
  in.skip(1);
  const std::size_t address_size = in.u8();
  const auto address = in.take(8);
  take_mac(envelope, address.first(std::min(address.size(), address_size)));
  open_tags(envelope, in, type);
  return envelope;
}

}  // namespace

Envelope open_envelope(std::span<const std::byte> frame, LinkLayer link) noexcept {
  switch (link) {
    case LinkLayer::kEthernet: return open_ethernet(frame);
    case LinkLayer::kLinuxSll2: return open_sll2(frame);
    case LinkLayer::kRaw: break;
  }
  Envelope envelope;
  envelope.packet = frame;
  return envelope;
}

}  // namespace connfate::witness

// SPDX-License-Identifier: Apache-2.0
#include "witness/wire/packet.hpp"

#include <algorithm>

#include "witness/wire/byte_reader.hpp"
#include "witness/wire/ip_header.hpp"

namespace connfate::witness {
namespace {

constexpr std::uint8_t kTcp = 6;
constexpr std::uint8_t kIcmp = 1;
constexpr std::uint8_t kIcmpV6 = 58;

constexpr std::uint16_t kEtherIpv4 = 0x0800;
constexpr std::uint16_t kEtherIpv6 = 0x86dd;
constexpr std::uint16_t kVlanIdentifier = 0x0fff;

/// What lies around the IP packet.
struct Envelope {
  std::array<std::uint8_t, 6> source_mac{};
  std::uint32_t interface = 0;
  std::optional<std::uint16_t> vlan;
  std::span<const std::byte> packet;
  std::optional<Skipped> skipped;  ///< there is no packet, and why
};

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
  in.skip(3);
  const std::size_t address_size = in.u8();
  const auto address = in.take(8);
  take_mac(envelope, address.first(std::min(address.size(), address_size)));
  open_tags(envelope, in, type);
  return envelope;
}

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

/// Whether the packet's destination is this host's end. Between two served ports (a proxy that
/// talks to itself) the smaller end is taken for the server's, the same one in both directions.
std::optional<Direction> direction_of(const Endpoint& source, const Endpoint& destination,
                                      const ServedPorts& ports) noexcept {
  const bool from_us = ports.contains(source.port);
  const bool to_us = ports.contains(destination.port);
  if (!from_us && !to_us) return std::nullopt;
  if (from_us && to_us) {
    const bool lower =
        source.port != destination.port ? destination.port < source.port : destination < source;
    return lower ? Direction::kIn : Direction::kOut;
  }
  return to_us ? Direction::kIn : Direction::kOut;
}

/// Looks for the timestamps; a malformed option ends the look.
void read_options(Packet& packet, std::span<const std::byte> bytes) noexcept {
  constexpr std::uint8_t kEnd = 0;
  constexpr std::uint8_t kNothing = 1;
  constexpr std::uint8_t kTimestamps = 8;
  packet.has_options = !bytes.empty();
  ByteReader in(bytes);
  while (!in.rest().empty()) {
    const std::uint8_t kind = in.u8();
    if (kind == kEnd) return;
    if (kind == kNothing) continue;
    const std::uint8_t size = in.u8();
    if (size < 2 || in.failed()) return;
    ByteReader value(in.take(size - 2U));
    if (kind == kTimestamps && size == 10 && !in.failed()) {
      packet.timestamps = Packet::Timestamps{value.u32(), value.u32()};
    }
  }
}

std::string escaped(std::span<const std::byte> bytes) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string text;
  for (const std::byte byte : bytes) {
    const auto value = std::to_integer<unsigned char>(byte);
    if (value == '\\') {
      text += "\\\\";
    } else if (value >= 0x20 && value < 0x7f) {
      text += static_cast<char>(value);
    } else {
      text += "\\x";
      text += kHex[value >> 4];
      text += kHex[value & 0x0fU];
    }
  }
  return text;
}

/// What a client says when it goes, and no request: TLS alerts, an HTTP/2 GOAWAY, or both. TLS 1.3
/// hides the type of a record, but not its length: 2 bytes of content are an alert, 17 a GOAWAY
/// without debug data (RFC 8446 5.2: type and tag are 17 more; RFC 9113 6.8).
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

void set_flags(Packet& packet, std::uint8_t flags) noexcept {
  packet.fin = (flags & 0x01U) != 0;
  packet.syn = (flags & 0x02U) != 0;
  packet.rst = (flags & 0x04U) != 0;
  packet.psh = (flags & 0x08U) != 0;
  packet.ack = (flags & 0x10U) != 0;
}

ParsedFrame parse_tcp(const IpHeader& ip, Packet packet, const ServedPorts& ports) {
  constexpr std::size_t kHeaderSize = 20;
  ByteReader in(ip.payload);
  Endpoint source = ip.source;
  Endpoint destination = ip.destination;
  source.port = in.u16();
  destination.port = in.u16();
  packet.seq = in.u32();
  packet.ack_number = in.u32();
  const std::size_t header_size = static_cast<std::size_t>(in.u8() >> 4) * 4;
  set_flags(packet, in.u8());
  packet.window = in.u16();
  in.skip(4);  // checksum, urgent pointer
  if (in.failed()) return Skipped::kCutShort;
  const auto direction = direction_of(source, destination, ports);
  if (!direction) return Skipped::kNotOurs;
  if (header_size < kHeaderSize || header_size > ip.payload_size) return Skipped::kMalformed;
  const auto options = in.take(header_size - kHeaderSize);
  if (in.failed()) return Skipped::kCutShort;

  read_options(packet, options);
  packet.direction = *direction;
  packet.flow =
      *direction == Direction::kIn ? Flow{destination, source} : Flow{source, destination};
  packet.payload = static_cast<std::uint32_t>(ip.payload_size - header_size);
  packet.farewell = is_farewell(in.rest()) && in.rest().size() == packet.payload;
  packet.ttl = ip.ttl;
  packet.ip_id = ip.id;
  packet.dont_fragment = ip.dont_fragment;
  if (packet.rst)
    packet.rst_text = escaped(in.rest().first(std::min(in.rest().size(), kRstTextSize)));
  return packet;
}

bool is_error(std::uint8_t protocol, std::uint8_t type) noexcept {
  if (protocol == kIcmpV6) return type >= 1 && type <= 4;
  return type == 3 || type == 11 || type == 12;  // unreachable, time exceeded, parameter problem
}

/// The quoted packet must be one that this host sent: its source is our end.
ParsedFrame parse_icmp(const IpHeader& ip, Instant at, const ServedPorts& ports) {
  ByteReader in(ip.payload);
  IcmpError error;
  error.at = at;
  error.sender = ip.source;
  error.type = in.u8();
  error.code = in.u8();
  in.skip(6);
  if (in.failed()) return Skipped::kCutShort;
  if (!is_error(ip.protocol, error.type)) return Skipped::kNotOurs;
  const auto parsed = parse_ip(in.rest());
  const auto* quoted = std::get_if<IpHeader>(&parsed);
  if (quoted == nullptr) return std::get<Skipped>(parsed);
  if (quoted->protocol != kTcp) return Skipped::kNotOurs;
  ByteReader tcp(quoted->payload);
  error.flow = {quoted->source, quoted->destination};
  error.flow.local.port = tcp.u16();
  error.flow.remote.port = tcp.u16();
  if (tcp.failed()) return Skipped::kCutShort;
  const bool is_ours = direction_of(error.flow.local, error.flow.remote, ports) == Direction::kOut;
  if (!is_ours) return Skipped::kNotOurs;
  return error;
}

}  // namespace

bool IcmpError::is_about_size() const noexcept {
  return flow.local.is_ipv4() ? type == 3 && code == 4 : type == 2;
}

bool IcmpError::is_prohibition() const noexcept {
  const auto is_one_of = [this](std::initializer_list<int> codes) {
    return std::ranges::find(codes, int{code}) != codes.end();
  };
  if (flow.local.is_ipv4()) return type == 3 && is_one_of({2, 3, 9, 10, 13});
  return type == 1 && is_one_of({1, 4, 5, 6});
}

void ServedPorts::add(std::uint16_t port) {
  if (contains(port)) return;
  bits_[port / 64U] |= std::uint64_t{1} << (port % 64U);
  ++count_;
}

bool ServedPorts::contains(std::uint16_t port) const noexcept {
  return (bits_[port / 64U] >> (port % 64U) & 1U) != 0;
}

ParsedFrame parse_frame(std::span<const std::byte> frame, LinkLayer link, const ServedPorts& ports,
                        Instant at) {
  const Envelope envelope = open_envelope(frame, link);
  if (envelope.skipped) return *envelope.skipped;
  const auto parsed = parse_ip(envelope.packet);
  const auto* ip = std::get_if<IpHeader>(&parsed);
  if (ip == nullptr) return std::get<Skipped>(parsed);
  if (ip->protocol == kIcmp || ip->protocol == kIcmpV6) return parse_icmp(*ip, at, ports);
  if (ip->protocol != kTcp) return Skipped::kOtherProtocol;
  Packet packet;
  packet.at = at;
  packet.source_mac = envelope.source_mac;
  packet.interface = envelope.interface;
  packet.vlan = envelope.vlan;
  return parse_tcp(*ip, packet, ports);
}

}  // namespace connfate::witness

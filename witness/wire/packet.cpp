// SPDX-License-Identifier: Apache-2.0
#include "witness/wire/packet.hpp"

#include <algorithm>

#include "witness/wire/byte_reader.hpp"
#include "witness/wire/farewell.hpp"
#include "witness/wire/handshake_end.hpp"
#include "witness/wire/ip_header.hpp"

namespace connfate::witness {
namespace {

constexpr std::uint8_t kTcp = 6;
constexpr std::uint8_t kIcmp = 1;
constexpr std::uint8_t kIcmpV6 = 58;

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
  packet.handshake_end = ends_handshake(in.rest()) && in.rest().size() == packet.payload;
  packet.ttl = ip.ttl;
  packet.ip_id = ip.id;
  packet.dont_fragment = ip.dont_fragment;
  if (packet.rst)
    packet.rst_text = escaped(in.rest().first(std::min(in.rest().size(), kRstTextSize)));
  return packet;
}

/// The quoted packet must be one that this host sent: its source is our end.
ParsedFrame parse_icmp(const IpHeader& ip, Instant at, bool loopback, const ServedPorts& ports) {
  ByteReader in(ip.payload);
  IcmpError error;
  error.at = at;
  error.loopback = loopback;
  error.sender = ip.source;
  error.type = in.u8();
  error.code = in.u8();
  in.skip(6);
  if (in.failed()) return Skipped::kCutShort;
  if (!is_icmp_error(ip.protocol == kIcmp, error.type)) return Skipped::kNotOurs;
  const auto parsed = parse_ip(in.rest());
  const auto* quoted = std::get_if<IpHeader>(&parsed);
  if (quoted == nullptr) return std::get<Skipped>(parsed);
  if (quoted->protocol != kTcp) return Skipped::kNotOurs;
  ByteReader tcp(quoted->payload);
  error.flow = {quoted->source, quoted->destination};
  error.flow.local.port = tcp.u16();
  error.flow.remote.port = tcp.u16();
  error.quoted_seq = tcp.u32();  // the first 8 bytes are always quoted (RFC 792, RFC 4443)
  if (tcp.failed()) return Skipped::kCutShort;
  const bool is_ours = direction_of(error.flow.local, error.flow.remote, ports) == Direction::kOut;
  if (!is_ours) return Skipped::kNotOurs;
  return error;
}

}  // namespace

IcmpKind IcmpError::kind() const noexcept {
  return icmp_kind_of(flow.local.is_ipv4(), type, code);
}

ParsedFrame parse_frame(std::span<const std::byte> frame, LinkLayer link, const ServedPorts& ports,
                        Instant at) {
  const Envelope envelope = open_envelope(frame, link);
  if (envelope.skipped) return *envelope.skipped;
  const auto parsed = parse_ip(envelope.packet);
  const auto* ip = std::get_if<IpHeader>(&parsed);
  if (ip == nullptr) return std::get<Skipped>(parsed);
  if (ip->protocol == kIcmp || ip->protocol == kIcmpV6) {
    return parse_icmp(*ip, at, envelope.loopback, ports);
  }
  if (ip->protocol != kTcp) return Skipped::kOtherProtocol;
  Packet packet;
  packet.at = at;
  packet.source_mac = envelope.source_mac;
  packet.interface = envelope.interface;
  packet.loopback = envelope.loopback;
  packet.vlan = envelope.vlan;
  return parse_tcp(*ip, packet, ports);
}

}  // namespace connfate::witness

// SPDX-License-Identifier: Apache-2.0
#include "lab/net/forgery.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <tins/ethernetII.h>
#include <tins/icmp.h>
#include <tins/icmpv6.h>
#include <tins/ip.h>
#include <tins/ipv6.h>
#include <tins/rawpdu.h>
#include <tins/tcp.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "lab/net/forged_headers.hpp"

namespace connfate::lab {
namespace {

constexpr std::size_t kEthernetHeader = 14;
/// RFC 1812, 4.3.2.3 and RFC 4443, 3.1: as much of the packet as fits.
constexpr std::size_t kQuoted4 = 548;
constexpr std::size_t kQuoted6 = 1232;

Tins::EthernetII ethernet(const MacAddress& source, const MacAddress& destination) {
  return {Tins::EthernetII::address_type(destination.data()),
          Tins::EthernetII::address_type(source.data())};
}

Tins::TCP tcp_of(const Forgery& forgery, const ForgedHeader& header, const Endpoint& from,
                 const Endpoint& to) {
  Tins::TCP tcp(to.port, from.port);
  tcp.seq(header.seq);
  tcp.ack_seq(header.ack);
  tcp.window(header.window);
  const ForgedKind kind = forgery.kind;
  tcp.set_flag(Tins::TCP::RST, kind == ForgedKind::kRst || kind == ForgedKind::kRstAck);
  tcp.set_flag(Tins::TCP::FIN, kind == ForgedKind::kFin);
  tcp.set_flag(Tins::TCP::SYN, kind == ForgedKind::kSyn);
  tcp.set_flag(Tins::TCP::PSH, !forgery.payload.empty());
  tcp.set_flag(Tins::TCP::ACK, kind != ForgedKind::kRst && kind != ForgedKind::kSyn);
  if (header.timestamps) {
    tcp.add_option(Tins::TCP::option(Tins::TCP::NOP));
    tcp.add_option(Tins::TCP::option(Tins::TCP::NOP));
    tcp.timestamp(header.timestamps->value, header.timestamps->echo);
  }
  return tcp;
}

Frame forge_tcp(const Forgery& forgery, const ConnectionFacts& connection, const Segment* trigger,
                int nth) {
  const ForgedHeader header = forged_header(forgery, connection, trigger, nth);
  const bool to_server = forgery.toward == Direction::kToServer;
  const Endpoint& from = to_server ? connection.client : connection.server;
  const Endpoint& to = to_server ? connection.server : connection.client;
  Tins::TCP tcp = tcp_of(forgery, header, from, to);
  if (!forgery.payload.empty()) tcp /= Tins::RawPDU(forgery.payload);
  Tins::EthernetII frame = ethernet(header.source_mac, header.destination_mac);
  if (from.is_ipv4()) {
    Tins::IP ip(to_text(to), to_text(from));
    ip.ttl(header.ttl);
    ip.id(header.ip_id);
    if (forgery.dont_fragment) ip.flags(Tins::IP::DONT_FRAGMENT);
    frame /= ip / tcp;
  } else {
    Tins::IPv6 ip(to_text(to), to_text(from));
    ip.hop_limit(header.ttl);
    frame /= ip / tcp;
  }
  return frame.serialize();
}

Tins::RawPDU quote(FrameView trigger, std::size_t at_most) {
  const FrameView packet = trigger.subspan(std::min(kEthernetHeader, trigger.size()));
  const auto size = static_cast<std::uint32_t>(std::min(packet.size(), at_most));
  return {packet.data(), size};
}

Frame forge_icmp(const Forgery& forgery, const Trigger& about) {
  const Segment& trigger = about.segment;
  const std::string to = to_text(trigger.sender());
  const std::uint8_t ttl = forgery.ttl.value_or(64);
  Tins::EthernetII frame =
      ethernet(forgery.source_mac.value_or(trigger.destination_mac), trigger.source_mac);
  if (trigger.sender().is_ipv4()) {
    Tins::IP ip(to, forgery.icmp_from);
    ip.ttl(ttl);
    ip.id(forgery.ip_id_value);
    Tins::ICMP icmp(static_cast<Tins::ICMP::Flags>(forgery.icmp_type));
    icmp.code(forgery.icmp_code);
    icmp.mtu(forgery.icmp_mtu);
    frame /= ip / icmp / quote(about.frame, kQuoted4);
  } else {
    Tins::IPv6 ip(to, forgery.icmp_from);
    ip.hop_limit(ttl);
    Tins::ICMPv6 icmp(static_cast<Tins::ICMPv6::Types>(forgery.icmp_type));
    icmp.code(forgery.icmp_code);
    icmp.sequence(forgery.icmp_mtu);  // the low half of the 32 bits in which the MTU stands
    frame /= ip / icmp / quote(about.frame, kQuoted6);
  }
  return frame.serialize();
}

/// What somebody who has seen no packet quotes.
std::optional<Trigger> invented(const Forgery& forgery, const ConnectionFacts& connection) {
  const Forgery packet{.kind = ForgedKind::kAck,
                       .toward = Direction::kToClient,
                       .sequence_offset = forgery.sequence_offset,
                       .payload = "data"};
  Frame frame = forge_tcp(packet, connection, nullptr, 0);
  const auto segment = parse_segment(frame, Direction::kToClient);
  if (!segment) return std::nullopt;
  return Trigger{*segment, std::move(frame)};
}

Forgery icmp(const std::string& from, std::uint8_t type, std::uint8_t code) {
  return {.kind = ForgedKind::kIcmp, .icmp_type = type, .icmp_code = code, .icmp_from = from};
}

bool is_v6(const std::string& ip) {
  return ip.find(':') != std::string::npos;
}

}  // namespace

Forgery firewall_rst(Direction toward, std::uint8_t ttl) {
  return {.kind = ForgedKind::kRst, .toward = toward, .ttl = ttl};
}

Forgery fragmentation_needed(const std::string& from, std::uint16_t mtu) {
  Forgery forgery = is_v6(from) ? icmp(from, 2, 0) : icmp(from, 3, 4);
  forgery.icmp_mtu = mtu;
  return forgery;
}

Forgery prohibited(const std::string& from) {
  return is_v6(from) ? icmp(from, 1, 1) : icmp(from, 3, 13);
}

void check(const Forgery& forgery) {
  if (forgery.kind != ForgedKind::kIcmp) return;
  std::array<std::uint8_t, sizeof(in6_addr)> ignored;
  const int family = is_v6(forgery.icmp_from) ? AF_INET6 : AF_INET;
  if (inet_pton(family, forgery.icmp_from.c_str(), ignored.data()) == 1) return;
  throw std::runtime_error("an ICMP error must come from an address, not \"" + forgery.icmp_from +
                           "\"");
}

std::optional<Forged> forge(const Forgery& forgery, const ConnectionFacts& connection,
                            const Trigger* trigger, int nth) {
  if (forgery.kind != ForgedKind::kIcmp) {
    const Segment* segment = trigger == nullptr ? nullptr : &trigger->segment;
    return Forged{forge_tcp(forgery, connection, segment, nth), forgery.toward};
  }
  if (trigger == nullptr) {
    const auto about = invented(forgery, connection);
    return about ? forge(forgery, connection, &*about, nth) : std::nullopt;
  }
  if (trigger->segment.client.is_ipv4() == is_v6(forgery.icmp_from)) return std::nullopt;
  return Forged{forge_icmp(forgery, *trigger), opposite(trigger->segment.direction)};
}

}  // namespace connfate::lab

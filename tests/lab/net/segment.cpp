// SPDX-License-Identifier: Apache-2.0
#include "lab/net/segment.hpp"

#include <tins/ethernetII.h>
#include <tins/exceptions.h>
#include <tins/ip.h>
#include <tins/ipv6.h>
#include <tins/rawpdu.h>
#include <tins/tcp.h>

#include <algorithm>
#include <bit>

namespace connfate::lab {
namespace {

Endpoint to_endpoint(const Tins::IPv4Address& from, std::uint16_t port) {
  // In network byte order, whatever the machine's.
  const auto bytes = std::bit_cast<std::array<std::uint8_t, 4>>(std::uint32_t{from});
  return Endpoint::from(bytes, port);
}

Endpoint to_endpoint(const Tins::IPv6Address& from, std::uint16_t port) {
  return Endpoint::from({from.begin(), from.end()}, port);
}

MacAddress to_mac(const Tins::EthernetII::address_type& from) {
  MacAddress mac;
  std::copy(from.begin(), from.end(), mac.begin());
  return mac;
}

/// In the order of the packet.
struct Ends {
  Endpoint source;
  Endpoint destination;
};

std::optional<Ends> read_ip(const Tins::EthernetII& ethernet, const Tins::TCP& tcp,
                            Segment& segment) {
  if (const auto* v4 = ethernet.find_pdu<Tins::IP>()) {
    segment.ttl = v4->ttl();
    segment.ip_id = v4->id();
    segment.ip_length = v4->tot_len();
    return Ends{to_endpoint(v4->src_addr(), tcp.sport()), to_endpoint(v4->dst_addr(), tcp.dport())};
  }
  if (const auto* v6 = ethernet.find_pdu<Tins::IPv6>()) {
    segment.ttl = v6->hop_limit();
    segment.ip_length = v6->payload_length() + 40U;
    return Ends{to_endpoint(v6->src_addr(), tcp.sport()), to_endpoint(v6->dst_addr(), tcp.dport())};
  }
  return std::nullopt;
}

void read_tcp(const Tins::TCP& tcp, Segment& segment) {
  segment.fin = tcp.get_flag(Tins::TCP::FIN) != 0;
  segment.syn = tcp.get_flag(Tins::TCP::SYN) != 0;
  segment.rst = tcp.get_flag(Tins::TCP::RST) != 0;
  segment.psh = tcp.get_flag(Tins::TCP::PSH) != 0;
  segment.ack = tcp.get_flag(Tins::TCP::ACK) != 0;
  segment.seq = tcp.seq();
  segment.ack_number = tcp.ack_seq();
  segment.window = tcp.window();
  if (tcp.search_option(Tins::TCP::TSOPT) != nullptr) {
    const auto [value, echo] = tcp.timestamp();
    segment.timestamps = {value, echo};
  }
  if (const auto* data = tcp.find_pdu<Tins::RawPDU>()) segment.payload = data->payload_size();
}

}  // namespace

std::string to_text(const Endpoint& end) {
  std::array<char, kAddressSize> text;
  CharWriter writer(text.data(), text.size());
  write_address(end, writer);
  return std::string(writer.view());
}

std::optional<Segment> parse_segment(FrameView frame, Direction direction) {
  try {
    const Tins::EthernetII ethernet(frame.data(), static_cast<std::uint32_t>(frame.size()));
    const auto* tcp = ethernet.find_pdu<Tins::TCP>();
    if (tcp == nullptr) return std::nullopt;
    Segment segment;
    segment.direction = direction;
    const auto ends = read_ip(ethernet, *tcp, segment);
    if (!ends) return std::nullopt;
    read_tcp(*tcp, segment);
    const bool from_client = direction == Direction::kToServer;
    segment.client = from_client ? ends->source : ends->destination;
    segment.server = from_client ? ends->destination : ends->source;
    segment.source_mac = to_mac(ethernet.src_addr());
    segment.destination_mac = to_mac(ethernet.dst_addr());
    return segment;
  } catch (const Tins::exception_base&) {
    return std::nullopt;  // cut short, or not what its type says
  }
}

}  // namespace connfate::lab

// SPDX-License-Identifier: Apache-2.0
#include "witness/wire/packet.hpp"

#include <gtest/gtest.h>

#include "witness/frames.hpp"

namespace connfate::witness {
namespace {

using namespace frames;

ServedPorts https() {
  ServedPorts ports;
  ports.add(443);
  return ports;
}

ParsedFrame parse(const Bytes8& bytes, LinkLayer link = LinkLayer::kEthernet,
                  const ServedPorts& ports = https()) {
  return parse_frame(std::as_bytes(std::span(bytes)), link, ports, Instant{});
}

/// The packet in `bytes`; fails the test when there is none.
Packet packet_of(const Bytes8& bytes, LinkLayer link = LinkLayer::kEthernet) {
  const ParsedFrame parsed = parse(bytes, link);
  const auto* packet = std::get_if<Packet>(&parsed);
  if (packet == nullptr) {
    ADD_FAILURE() << "no packet";
    return {};
  }
  return *packet;
}

bool is_nothing(const ParsedFrame& parsed) {
  return std::holds_alternative<Skipped>(parsed);
}

Endpoint endpoint(const Bytes8& address, std::uint16_t port) {
  return Endpoint::from(address, port);
}

constexpr std::uint8_t kRst = 0x04;

TEST(PacketTest, ReadsEveryFieldOfAPacketToThisHost) {
  const Packet p = packet_of(ethernet(ip4(tcp({.payload = text("GET /")}))));
  EXPECT_EQ(p.direction, Direction::kIn);
  EXPECT_EQ(p.flow.local, endpoint(kServer4, 443));
  EXPECT_EQ(p.flow.remote, endpoint(kClient4, 40000));
  EXPECT_TRUE(p.psh && p.ack && !p.syn && !p.fin && !p.rst);
  EXPECT_EQ(p.seq, 1000U);
  EXPECT_EQ(p.ack_number, 2000U);
  EXPECT_EQ(p.window, 502);
  EXPECT_EQ(p.payload, 5U);
  EXPECT_EQ(p.ttl, 52);
  EXPECT_EQ(p.ip_id, 500);
  EXPECT_TRUE(p.dont_fragment);
  EXPECT_FALSE(p.has_options || p.vlan);
  EXPECT_EQ(p.source_mac[5], 0x25);
  EXPECT_TRUE(p.rst_text.empty());
}

TEST(PacketTest, ReadsAPacketOfThisHost) {
  const Packet p = packet_of(ethernet(ip4(tcp({.source = 443, .destination = 40000}),
                                          {.source = kServer4, .destination = kClient4})));
  EXPECT_EQ(p.direction, Direction::kOut);
  EXPECT_EQ(p.flow.local, endpoint(kServer4, 443));
  EXPECT_EQ(p.flow.remote, endpoint(kClient4, 40000));
}

TEST(PacketTest, OtherPortsAreNothing) {
  EXPECT_TRUE(is_nothing(parse(ethernet(ip4(tcp({.destination = 80}))))));
  EXPECT_TRUE(is_nothing(parse(ethernet(ip4(tcp({}))), LinkLayer::kEthernet, ServedPorts())));
}

TEST(PacketTest, BetweenTwoServedPortsBothDirectionsNameOneServer) {
  ServedPorts ports = https();
  ports.add(8080);
  const auto there =
      parse(ethernet(ip4(tcp({.source = 8080, .destination = 443}))), LinkLayer::kEthernet, ports);
  const auto back = parse(ethernet(ip4(tcp({.source = 443, .destination = 8080}),
                                       {.source = kServer4, .destination = kClient4})),
                          LinkLayer::kEthernet, ports);
  EXPECT_EQ(std::get<Packet>(there).flow, std::get<Packet>(back).flow);
  EXPECT_EQ(std::get<Packet>(there).flow.local.port, 443);
}

TEST(PacketTest, EthernetPaddingIsNoPayload) {
  EXPECT_EQ(packet_of(ethernet(ip4(tcp({})) + zeros(6))).payload, 0U);
}

TEST(PacketTest, PayloadIsTheWiresNotTheCaptures) {
  EXPECT_EQ(packet_of(ethernet(ip4(tcp({}), {.extra = 1400}))).payload, 1400U);
}

TEST(PacketTest, GiantSegmentWithoutALengthHasWhatWasCaptured) {
  Bytes8 packet = ip4(tcp({.payload = zeros(100)}));
  packet[2] = packet[3] = 0;
  EXPECT_EQ(packet_of(ethernet(packet)).payload, 100U);
}

TEST(PacketTest, T34VlanTags) {
  const Bytes8 ip = ip4(tcp({}));
  EXPECT_EQ(packet_of(ethernet(vlan(7, ip), 0x8100)).vlan, 7);
  EXPECT_EQ(packet_of(ethernet(vlan(100, vlan(7, ip), 0x8100), 0x88a8)).vlan, 100);
}

TEST(PacketTest, CookedFramesGiveTheInterface) {
  const Packet p = packet_of(sll2(ip4(tcp({}))), LinkLayer::kLinuxSll2);
  EXPECT_EQ(p.interface, 3U);
  EXPECT_EQ(p.source_mac[5], 0x25);
  EXPECT_EQ(packet_of(sll2(vlan(7, ip4(tcp({}))), 0x8100), LinkLayer::kLinuxSll2).vlan, 7);
}

TEST(PacketTest, RawFramesHaveNoMac) {
  const Packet p = packet_of(ip4(tcp({})), LinkLayer::kRaw);
  EXPECT_EQ(p.source_mac, (std::array<std::uint8_t, 6>{}));
  EXPECT_EQ(packet_of(ip6(tcp({})), LinkLayer::kRaw).ttl, 57);
}

TEST(PacketTest, Ipv4OptionsAreStepped) {
  EXPECT_EQ(packet_of(ethernet(ip4(tcp({}), {.options = zeros(8)}))).seq, 1000U);
}

TEST(PacketTest, T34Ipv6HasAHopLimitAndNoId) {
  const Packet p = packet_of(ethernet(ip6(tcp({.payload = text("abc")})), 0x86dd));
  EXPECT_EQ(p.ttl, 57);
  EXPECT_FALSE(p.ip_id);
  EXPECT_EQ(p.payload, 3U);
  EXPECT_EQ(p.flow.remote, endpoint(kClient6, 40000));
}

TEST(PacketTest, T34Ipv6ExtensionHeadersAreStepped) {
  const Bytes8 hop_by_hop = Bytes8{60, 0} + zeros(6);
  const Bytes8 options = Bytes8{51, 1} + zeros(14);
  const Bytes8 authentication = Bytes8{44, 4} + zeros(22);
  const Bytes8 first_fragment = Bytes8{6, 0, 0, 1} + zeros(4);
  const Packet p = packet_of(ethernet(
      ip6(hop_by_hop + options + authentication + first_fragment + tcp({.payload = text("ab")}), 0),
      0x86dd));
  EXPECT_EQ(p.seq, 1000U);
  EXPECT_EQ(p.payload, 2U);
}

TEST(PacketTest, T34LaterFragmentsAreNothing) {
  EXPECT_TRUE(is_nothing(parse(ethernet(ip4(tcp({}), {.fragment = 185})))));
  EXPECT_TRUE(
      is_nothing(parse(ethernet(ip6(Bytes8{6, 0, 0x05, 0xc8} + zeros(4) + tcp({}), 44), 0x86dd))));
  EXPECT_FALSE(is_nothing(parse(ethernet(ip4(tcp({}), {.fragment = 0x2000})))));
}

TEST(PacketTest, T34EveryCutFrameIsNothingAndHarmless) {
  const Bytes8 timestamps = Bytes8{1, 1, 8, 10} + u32(7) + u32(9);
  for (const Bytes8& whole :
       {ethernet(vlan(7, ip4(tcp({.options = timestamps}))), 0x8100),
        ethernet(ip6(Bytes8{6, 0} + zeros(6) + tcp({.options = timestamps}), 0), 0x86dd)}) {
    for (std::size_t size = 0; size < whole.size(); ++size) {
      const Bytes8 cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
      EXPECT_TRUE(is_nothing(parse(cut))) << size;
    }
    EXPECT_FALSE(is_nothing(parse(whole)));
  }
}

TEST(PacketTest, LengthsThatLieAreNothing) {
  Bytes8 short_total = ip4(tcp({}));
  short_total[2] = 0;
  short_total[3] = 19;
  EXPECT_TRUE(is_nothing(parse(ethernet(short_total))));
  Bytes8 long_header = tcp({});
  long_header[12] = 0xf0;
  EXPECT_TRUE(is_nothing(parse(ethernet(ip4(long_header)))));
  Bytes8 short_header = tcp({});
  short_header[12] = 0x40;
  EXPECT_TRUE(is_nothing(parse(ethernet(ip4(short_header)))));
}

TEST(PacketTest, Timestamps) {
  const Bytes8 options = Bytes8{1, 1, 8, 10} + u32(7) + u32(9);
  const Packet p = packet_of(ethernet(ip4(tcp({.options = options}))));
  ASSERT_TRUE(p.timestamps);
  EXPECT_EQ(p.timestamps->value, 7U);
  EXPECT_EQ(p.timestamps->echo, 9U);
  EXPECT_TRUE(p.has_options);
}

TEST(PacketTest, T34MalformedOptionsHaveNoTimestamps) {
  for (const Bytes8& options : {Bytes8{8, 0, 0, 0}, Bytes8{8, 10, 0, 0}, Bytes8{2, 200, 8, 10},
                                Bytes8{0, 0, 0, 8}, Bytes8{8, 1, 8, 10} + zeros(8)}) {
    const Packet p = packet_of(ethernet(ip4(tcp({.options = options}))));
    EXPECT_FALSE(p.timestamps);
    EXPECT_TRUE(p.has_options);
  }
}

TEST(PacketTest, TextOfAResetIsPrintable) {
  const Bytes8 payload = text("No \"route\"\\") + Bytes8{0x00, 0x0a, 0xff};
  const Packet p = packet_of(ethernet(ip4(tcp({.flags = kRst, .payload = payload}))));
  EXPECT_EQ(p.rst_text, "No \"route\"\\\\\\x00\\x0a\\xff");
  EXPECT_TRUE(packet_of(ethernet(ip4(tcp({.payload = payload})))).rst_text.empty());
}

bool is_farewell(const Bytes8& payload) {
  return packet_of(ethernet(ip4(tcp({.payload = payload})))).farewell;
}

Bytes8 record(std::uint8_t type, std::size_t length) {
  return Bytes8{type, 3, 3} + u16(length) + zeros(length);
}

TEST(PacketTest, WhatAClientSaysWhenItGoesIsKnown) {
  const Bytes8 goaway = Bytes8{0, 0, 8, 7} + zeros(13);
  EXPECT_TRUE(is_farewell(record(0x15, 26))) << "close_notify of TLS 1.2";
  EXPECT_TRUE(is_farewell(record(0x17, 19))) << "close_notify of TLS 1.3";
  EXPECT_TRUE(is_farewell(record(0x17, 34) + record(0x17, 19))) << "after a GOAWAY";
  EXPECT_TRUE(is_farewell(goaway));
  EXPECT_FALSE(is_farewell({}));
  EXPECT_FALSE(is_farewell(text("GET / HTTP/1.0\r\n\r\n")));
  EXPECT_FALSE(is_farewell(text("GET / HTTP/1.1\r\n")));
  EXPECT_FALSE(is_farewell(record(0x17, 80)));
  EXPECT_FALSE(is_farewell(record(0x17, 80) + record(0x15, 26))) << "a request, and then goodbye";
  EXPECT_FALSE(is_farewell(Bytes8{0x15, 3, 3, 0, 26})) << "cut";
}

TEST(PacketTest, T34TextOfAResetEndsAtItsLimit) {
  for (const std::size_t size : {255U, 256U, 1000U}) {
    const Packet p = packet_of(ethernet(ip4(tcp({.flags = kRst, .payload = Bytes8(size, 'x')}))));
    EXPECT_EQ(p.rst_text.size(), kRstTextSize);
    EXPECT_EQ(p.payload, size);
  }
}

TEST(PacketTest, OtherProtocolsAreNothing) {
  EXPECT_TRUE(is_nothing(parse(ethernet(zeros(46), 0x0806))));
  EXPECT_TRUE(is_nothing(parse(ethernet(ip4(tcp({}), {.protocol = 17})))));
  EXPECT_TRUE(is_nothing(parse(ethernet(Bytes8{0x50} + zeros(60)))));
  EXPECT_TRUE(is_nothing(parse({})));
}

/// An ICMP error from 203.0.113.9 that quotes `quoted`.
Bytes8 icmp(std::uint8_t type, std::uint8_t code, const Bytes8& quoted) {
  return ip4(Bytes8{type, code} + zeros(6) + quoted,
             {.source = {203, 0, 113, 9}, .destination = kServer4, .protocol = 1});
}

/// The first eight bytes of a segment that this host sent, which is all that must be quoted.
Bytes8 our_segment() {
  return u16(443) + u16(40000) + u32(1);
}

TEST(PacketTest, IcmpErrorNamesTheConnectionAndItsSender) {
  const auto parsed = parse(ethernet(icmp(
      3, 13, ip4(our_segment(), {.source = kServer4, .destination = kClient4, .extra = 1400}))));
  const auto* error = std::get_if<IcmpError>(&parsed);
  ASSERT_NE(error, nullptr);
  EXPECT_EQ(error->type, 3);
  EXPECT_EQ(error->code, 13);
  EXPECT_EQ(error->flow.local, endpoint(kServer4, 443));
  EXPECT_EQ(error->flow.remote, endpoint(kClient4, 40000));
  EXPECT_EQ(error->sender, endpoint({203, 0, 113, 9}, 0));
}

TEST(PacketTest, IcmpV6ErrorNamesTheConnection) {
  Bytes8 quoted = ip6(our_segment());
  std::swap_ranges(quoted.begin() + 8, quoted.begin() + 24, quoted.begin() + 24);
  const auto parsed = parse(ethernet(ip6(Bytes8{1, 1} + zeros(6) + quoted, 58), 0x86dd));
  const auto* error = std::get_if<IcmpError>(&parsed);
  ASSERT_NE(error, nullptr);
  EXPECT_EQ(error->flow.local, endpoint(kServer6, 443));
}

TEST(PacketTest, OtherIcmpIsNothing) {
  const Bytes8 quoted = ip4(our_segment(), {.source = kServer4, .destination = kClient4});
  EXPECT_TRUE(is_nothing(parse(ethernet(icmp(8, 0, quoted))))) << "echo";
  EXPECT_TRUE(is_nothing(parse(ethernet(icmp(3, 1, ip4(tcp({}))))))) << "about their packet";
  EXPECT_TRUE(is_nothing(parse(ethernet(icmp(3, 1, {}))))) << "quotes nothing";
  const Bytes8 unserved = ip4(u16(80) + u16(40000) + u32(1), {.source = kServer4});
  EXPECT_TRUE(is_nothing(parse(ethernet(icmp(3, 1, unserved))))) << "another port";
}

TEST(ServedPortsTest, HoldsEveryPort) {
  ServedPorts ports;
  EXPECT_TRUE(ports.empty());
  for (const std::uint16_t port : std::initializer_list<std::uint16_t>{0, 63, 64, 443, 65535}) {
    EXPECT_FALSE(ports.contains(port));
    ports.add(port);
    EXPECT_TRUE(ports.contains(port));
  }
  EXPECT_FALSE(ports.empty() || ports.contains(444));
}

}  // namespace
}  // namespace connfate::witness

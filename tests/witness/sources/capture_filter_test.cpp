// SPDX-License-Identifier: Apache-2.0
#include "witness/sources/capture_filter.hpp"

#include <gtest/gtest.h>
#include <pcap/pcap.h>

#include <array>

namespace connfate::witness {
namespace {

using Bytes = std::vector<std::uint8_t>;
using Ports = std::vector<std::uint16_t>;

constexpr std::uint8_t kFin = 1, kSyn = 2, kRst = 4, kPsh = 8, kAck = 16;

struct Segment {
  std::uint16_t source = 0, destination = 0;
  std::uint8_t flags = 0;
};

Bytes tcp(const Segment& s) {
  Bytes bytes(20);
  bytes[0] = static_cast<std::uint8_t>(s.source >> 8U), bytes[1] = s.source & 0xffU;
  bytes[2] = static_cast<std::uint8_t>(s.destination >> 8U), bytes[3] = s.destination & 0xffU;
  bytes[12] = 0x50, bytes[13] = s.flags;
  return bytes;
}

Bytes joined(Bytes first, const Bytes& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

Bytes ipv4(std::uint8_t protocol, const Bytes& payload) {
  Bytes header(20);
  header[0] = 0x45, header[9] = protocol;
  header[3] = static_cast<std::uint8_t>(20 + payload.size());
  return joined(header, payload);
}

Bytes ipv6(std::uint8_t protocol, const Bytes& payload) {
  Bytes header(40);
  header[0] = 0x60, header[6] = protocol;
  header[5] = static_cast<std::uint8_t>(payload.size());
  return joined(header, payload);
}

Bytes ethernet(const Bytes& type, const Bytes& payload) {
  return joined(joined(Bytes(12), type), payload);
}

bool passes(const std::vector<sock_filter>& filter, const Bytes& frame) {
  static_assert(sizeof(sock_filter) == sizeof(bpf_insn));
  const auto size = static_cast<unsigned>(frame.size());
  return bpf_filter(reinterpret_cast<const bpf_insn*>(filter.data()), frame.data(), size, size) !=
         0;
}

/// Whether the packet passes in each of its clothes: bare, in Ethernet, and behind a VLAN tag.
class CaptureFilterTest : public testing::Test {
 protected:
  static void expect(bool passes_through, const Bytes& packet, const Bytes& ether_type) {
    EXPECT_EQ(passes(bare_, packet), passes_through) << "bare";
    EXPECT_EQ(passes(ethernet_, ethernet(ether_type, packet)), passes_through) << "Ethernet";
    const Bytes tag{0x81, 0, 0, 42};
    EXPECT_EQ(passes(ethernet_, ethernet(joined(tag, ether_type), packet)), passes_through)
        << "VLAN";
  }
  static void expect(bool passes_through, const Segment& segment) {
    expect(passes_through, ipv4(6, tcp(segment)), {0x08, 0x00});
    expect(passes_through, ipv6(6, tcp(segment)), {0x86, 0xdd});
  }

  inline static const Ports ports_{443, 8080};
  inline static const auto bare_ = compile_filter(ports_, LinkLayer::kLinuxSll2);
  inline static const auto ethernet_ = compile_filter(ports_, LinkLayer::kEthernet);
};

TEST_F(CaptureFilterTest, TakesBeginningAndEndInBothDirections) {
  for (const std::uint8_t flags : {kSyn, kFin, kRst}) {
    SCOPED_TRACE(int{flags});
    expect(true, {40000, 443, flags});
    expect(true, {40000, 8080, static_cast<std::uint8_t>(flags | kAck)});
    expect(true, {443, 40000, static_cast<std::uint8_t>(flags | kAck)});
  }
}

TEST_F(CaptureFilterTest, TakesDataOfTheClientOnly) {
  expect(true, {40000, 443, kPsh | kAck});
  expect(false, {443, 40000, kPsh | kAck});
  expect(false, {40000, 443, kAck});
}

TEST_F(CaptureFilterTest, LeavesOtherPortsAlone) {
  expect(false, {40000, 444, kSyn});
  expect(false, {22, 40000, kFin | kAck});
}

TEST_F(CaptureFilterTest, TakesIcmpErrorsAndNoPing) {
  for (const auto& [type, taken] : {std::pair(3, true), {11, true}, {8, false}, {0, false}}) {
    expect(taken, ipv4(1, Bytes(8, static_cast<std::uint8_t>(type))), {0x08, 0x00});
  }
  for (const auto& [type, taken] : {std::pair(1, true), {2, true}, {3, true}, {128, false}}) {
    expect(taken, ipv6(58, Bytes(8, static_cast<std::uint8_t>(type))), {0x86, 0xdd});
  }
}

TEST_F(CaptureFilterTest, LeavesOtherProtocolsAlone) {
  expect(false, ipv4(17, tcp({40000, 443, kSyn})), {0x08, 0x00});
  expect(false, Bytes(28, 0), {0x08, 0x06});  // ARP
}

TEST_F(CaptureFilterTest, WithoutPortsTakesIcmpOnly) {
  const auto filter = compile_filter({}, LinkLayer::kLinuxSll2);
  EXPECT_FALSE(passes(filter, ipv4(6, tcp({40000, 443, kSyn}))));
  EXPECT_TRUE(passes(filter, ipv4(1, Bytes(8, 3))));
}

TEST(CaptureFilterRangesTest, JoinTheClosestNeighbours) {
  using Ranges = std::vector<std::pair<std::uint16_t, std::uint16_t>>;
  const Ports ports{22, 80, 443, 445, 8080};
  EXPECT_EQ(to_ranges(ports, 5),
            (Ranges{{22, 22}, {80, 80}, {443, 443}, {445, 445}, {8080, 8080}}));
  EXPECT_EQ(to_ranges(ports, 3), (Ranges{{22, 80}, {443, 445}, {8080, 8080}}));
  EXPECT_EQ(to_ranges(ports, 1), (Ranges{{22, 8080}}));
}

TEST(CaptureFilterRangesTest, AnyNumberOfPortsFitsIntoAProgram) {
  Ports ports;
  for (std::uint16_t port = 1; port < 60000; port = static_cast<std::uint16_t>(port + 17)) {
    ports.push_back(port);
  }
  for (const auto link : {LinkLayer::kEthernet, LinkLayer::kLinuxSll2}) {
    EXPECT_LT(compile_filter(ports, link).size(), 4096U);
  }
}

}  // namespace
}  // namespace connfate::witness

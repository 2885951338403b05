// SPDX-License-Identifier: Apache-2.0
// Why a frame is not understood, and that such frames are counted by reason.
#include "witness/wire/skipped_frames.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <set>
#include <string>

#include "witness/frames.hpp"
#include "witness/wire/packet.hpp"

namespace connfate::witness {
namespace {

using namespace frames;
using enum Skipped;

/// nullopt for a frame that was understood.
std::optional<Skipped> reason_of(const Bytes8& frame, LinkLayer link = LinkLayer::kEthernet) {
  ServedPorts ports;
  ports.add(443);
  const auto parsed = parse_frame(std::as_bytes(std::span(frame)), link, ports, Instant{});
  const auto* reason = std::get_if<Skipped>(&parsed);
  return reason != nullptr ? std::optional(*reason) : std::nullopt;
}

Bytes8 with(Bytes8 bytes, std::size_t at, std::uint8_t value) {
  bytes[at] = value;
  return bytes;
}

Bytes8 icmp(std::uint8_t type, const Bytes8& quoted) {
  return ethernet(ip4(Bytes8{type, 1} + zeros(6) + quoted, {.protocol = 1}));
}

const Bytes8 kOurs = ip4(u16(443) + u16(40000) + u32(1), {.source = kServer4});
constexpr std::size_t kFirstV6 = 0x86dd;
const Bytes8 kLaterFragment6 = Bytes8{6, 0, 0x05, 0xc8} + zeros(4) + tcp({});

struct SkippedRow {
  std::string name;
  Bytes8 frame;
  std::optional<Skipped> reason;
};

const SkippedRow kRows[] = {
    {"Understood", ethernet(ip4(tcp({}))), std::nullopt},
    {"UnderstoodIcmp", icmp(3, kOurs), std::nullopt},
    {"OtherPorts", ethernet(ip4(tcp({.destination = 80}))), kNotOurs},
    {"OtherPortsMalformed", ethernet(ip4(with(tcp({.destination = 80}), 12, 0x40))), kNotOurs},
    {"Echo", icmp(8, kOurs), kNotOurs},
    {"IcmpAboutTheirPacket", icmp(3, ip4(tcp({}))), kNotOurs},
    {"IcmpAboutUdp", icmp(3, ip4(u16(443) + u16(53) + u32(1), {.protocol = 17})), kNotOurs},
    {"Arp", ethernet(zeros(46), 0x0806), kNotIp},
    {"ArpInATag", ethernet(vlan(7, zeros(46), 0x0806), 0x8100), kNotIp},
    {"Nothing", {}, kCutShort},
    {"NoPacketInTheFrame", ethernet({}), kCutShort},
    {"CutInTheTag", ethernet(Bytes8{0}, 0x8100), kCutShort},
    {"CutInTheIpHeader", ethernet(Bytes8{0x45, 0, 0, 40}), kCutShort},
    {"CutInTheTcpHeader", ethernet(ip4(u16(40000) + u16(443), {.extra = 16})), kCutShort},
    {"CutInTheOptions", ethernet(ip4(with(tcp({}), 12, 0xa0), {.extra = 20})), kCutShort},
    {"CutInAnExtension", ethernet(with(ip6(Bytes8{6}, 60), 5, 40), kFirstV6), kCutShort},
    {"IcmpQuotesNothing", icmp(3, {}), kCutShort},
    {"IcmpQuotesHalfAPort", icmp(3, ip4(u16(443) + Bytes8{1}, {.extra = 17})), kCutShort},
    {"LaterFragment", ethernet(ip4(tcp({}), {.fragment = 185})), kFragment},
    {"LaterFragmentOfIpv6", ethernet(ip6(kLaterFragment6, 44), kFirstV6), kFragment},
    {"IcmpQuotesALaterFragment", icmp(3, ip4(tcp({}), {.fragment = 185})), kFragment},
    {"NoVersion", ethernet(Bytes8{0x50} + zeros(60)), kMalformed},
    {"IpHeaderTooShort", ethernet(with(ip4(tcp({})), 0, 0x44)), kMalformed},
    {"IpTotalTooShort", ethernet(with(ip4(tcp({})), 3, 19)), kMalformed},
    {"TcpHeaderTooShort", ethernet(ip4(with(tcp({}), 12, 0x40))), kMalformed},
    {"TcpHeaderTooLong", ethernet(ip4(with(tcp({}), 12, 0xf0))), kMalformed},
    {"ExtensionTooLong", ethernet(ip6(Bytes8{6, 200} + zeros(6), 60), kFirstV6), kMalformed},
    {"Udp", ethernet(ip4(tcp({}), {.protocol = 17})), kOtherProtocol},
    {"Encrypted", ethernet(ip6(zeros(40), 50), kFirstV6), kOtherProtocol},
};

class SkippedFrameTest : public testing::TestWithParam<SkippedRow> {};

TEST_P(SkippedFrameTest, HasItsReason) {
  EXPECT_EQ(reason_of(GetParam().frame), GetParam().reason);
}

INSTANTIATE_TEST_SUITE_P(Rows, SkippedFrameTest, testing::ValuesIn(kRows),
                         [](const auto& row) { return row.param.name; });

TEST(SkippedFramesTest, CountsOfSeveralCapturesAreAddedUp) {
  SkippedFrames one, other;
  one.add(kCutShort);
  one.add(kMalformed);
  other.add(kCutShort);
  one.add(other);
  EXPECT_EQ(one.count(kCutShort), 2U);
  EXPECT_EQ(one.count(kMalformed), 1U);
  EXPECT_EQ(one.count(kFragment), 0U);
  EXPECT_EQ(other.count(kCutShort), 1U);
}

}  // namespace
}  // namespace connfate::witness

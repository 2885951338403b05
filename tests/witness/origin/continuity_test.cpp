// SPDX-License-Identifier: Apache-2.0
// When the header of a reset speaks for the client, and when it does not stand against what speaks
// for another sender.
#include <gtest/gtest.h>

#include "witness/origin/rst_origin.hpp"
#include "witness/packets.hpp"

namespace connfate::witness {
namespace {

using namespace wire;

HostFacts arrived(std::uint32_t segments) {
  HostFacts host;
  host.segments_in = segments;
  return host;
}

Attribution judge(const WireHistory& history, const HostFacts& host = {}) {
  return attribute_rst(history, host, nullptr);
}

/// W58: an id that goes on is easily made; a kernel that resets its own connection also sends its
/// timestamps along.
TEST(ContinuityTest, AResetWithoutTheConnectionsTimestampsIsNotVouchedFor) {
  const Packet forged = with_id(reset_ack(80), 503);
  const Attribution a = judge(established_linux(forged), arrived(4));
  EXPECT_FALSE(has_rule(a, "N1")) << all_of(a);
  EXPECT_EQ(a.rst_from, RstFrom::kUnknown);
  const Attribution near = judge(established_linux(with_ttl(forged, 64)), arrived(4));
  EXPECT_EQ(near.rst_from, RstFrom::kPath) << all_of(near) << "P4 is not cancelled";
}

TEST(ContinuityTest, IdsAloneDoNotStandAgainstANearerOriginAndAnotherLink) {
  Packet forged = from_other_router(with_ttl(with_id(reset_ack(80), 504), 60));
  const WireHistory h = established(data(60, kNext, 50), forged);
  HostFacts host = arrived(5);
  host.bytes_received = Bytes{150};
  forged.seq = kClientIsn + 151;
  const Attribution a = judge(established(data(60, kNext, 50), data(65, kNext, 50), forged), host);
  EXPECT_TRUE(has_rule(a, "P5") && has_rule(a, "P8") && has_rule(a, "N1")) << all_of(a);
  EXPECT_EQ(a.rst_from, RstFrom::kPath);
  EXPECT_EQ(a.confidence, Confidence::kModerate);
}

TEST(ContinuityTest, AClockThatGoesOnIsAnotherMatter) {
  const Packet rst = with_ttl(with_id(with_timestamps(reset_ack(80)), 503), 60);
  const Attribution a = judge(established_linux(rst));
  EXPECT_EQ(a.rst_from, RstFrom::kUnknown) << all_of(a);
}

/// W66: in a long download packets are lost, and some come behind the reset.
TEST(ContinuityTest, AfterALongDownloadTheCountMayBeOffByALittle) {
  for (const int off : {-12, -1, 1, 12}) {
    const Attribution a = judge(established(with_id(reset_ack(80), 500 + 199 + off)), arrived(200));
    EXPECT_EQ(a.rst_from, RstFrom::kClient) << off << all_of(a);
    EXPECT_EQ(a.confidence, Confidence::kModerate);
    EXPECT_TRUE(says(a, "about one more for each of the 199 packets"));
  }
  for (const int off : {-60, 60, 5000}) {
    const Attribution a = judge(established(with_id(reset_ack(80), 500 + 199 + off)), arrived(200));
    EXPECT_EQ(a.rst_from, RstFrom::kUnknown) << off << all_of(a);
  }
  const Attribution few = judge(established(with_id(reset_ack(80), 500 + 19 + 1)), arrived(20));
  EXPECT_FALSE(says(few, "about one more")) << "of few packets none is missing";
}

TEST(ContinuityTest, WithAClockMoreThan64PacketsMayLieBetween) {
  const Packet rst = with_id(with_timestamps(reset_ack(80)), 503 + 150);
  EXPECT_EQ(judge(established_linux(rst), arrived(140)).confidence, Confidence::kStrong);
  EXPECT_EQ(judge(established_linux(rst), arrived(30)).rst_from, RstFrom::kUnknown);
}

// --- P9 ---

/// W8: a client without timestamps and with IP id 0, and somebody who guesses.
TEST(ContinuityTest, AGuessBeforeTheClientsOwnResetIsNoTrain) {
  const WireHistory h = established(reset(79, kNext + 5'000'000), reset(80));
  HostFacts host;
  host.bytes_received = Bytes{100};
  const Attribution a = judge(h.admitted(host), host);
  EXPECT_FALSE(has_rule(a, "P9")) << all_of(a);
  EXPECT_EQ(a.rst_from, RstFrom::kUnknown);
}

/// A blind sender beside the device takes nothing from what the device shows.
TEST(ContinuityTest, AFewStrangersDoNotHideAShortTrain) {
  const auto train = [](std::uint32_t step) {
    WireHistory h = established(reset(80), reset(80.1, kNext + step));
    h.add(reset(60, 0x70000000));
    return judge(h.admitted({}));
  };
  EXPECT_TRUE(has_rule(train(1460), "P9"));
  EXPECT_FALSE(has_rule(train(5'000'000), "P9")) << "it may be a stranger's guess";
}

TEST(ContinuityTest, WhereManyStrangersSendATrainProvesNothing) {
  WireHistory h = established(reset(80), reset(80.1, kNext + 1460));
  EXPECT_TRUE(has_rule(judge(h.admitted({})), "P9"));
  for (std::uint32_t i = 0; i < 100; ++i) h.add(reset(60, 0x70000000 + (i << 25)));
  const WireHistory own = h.admitted({});
  ASSERT_GT(own.strangers(), 64U);
  EXPECT_FALSE(has_rule(judge(own), "P9"));
}

TEST(ContinuityTest, AResetOfAnotherFormIsNoPartOfTheTrain) {
  const WireHistory h = established(reset(80), reset_ack(80.1, kNext + 1460));
  EXPECT_FALSE(has_rule(judge(h), "P9"));
}

}  // namespace
}  // namespace connfate::witness

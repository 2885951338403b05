// SPDX-License-Identifier: Apache-2.0
// Rows T20 to T37 of the evidence model's matrix: known senders of RSTs, and what may be said of
// each. (T1 to T19 are in rst_signatures_test.cpp, T34, T36 and T38 in wire_history_test.cpp and
// packet_test.cpp.)
#include <gtest/gtest.h>

#include "witness/origin/rst_origin.hpp"
#include "witness/packets.hpp"

namespace connfate::witness {
namespace {

using namespace wire;
using std::chrono::milliseconds;

Attribution judge(const WireHistory& history, const HostFacts& host = {}) {
  return attribute_rst(history, host, nullptr);
}

HostFacts with_rtt(int ms) {
  HostFacts host;
  host.min_rtt = milliseconds(ms);
  return host;
}

TEST(RstMatrixTest, T20OrderlyCloseHasNoReset) {
  const Attribution a = judge(established(fin_out(90, 1001), fin_in(130, kNext, 1002)));
  EXPECT_FALSE(a.rst_from) << all_of(a);
  EXPECT_TRUE(a.evidence.empty());
}

TEST(RstMatrixTest, T20ResetAfterOrderlyCloseIsNoCause) {
  const Attribution a =
      judge(established(fin_out(90, 1001), fin_in(130, kNext, 1002), reset_ack(131, 102, 1002)));
  EXPECT_FALSE(a.rst_from) << all_of(a);
  EXPECT_EQ(a.confidence, Confidence::kNone);
  EXPECT_TRUE(says(a, "after the close: not its cause"));
}

TEST(RstMatrixTest, T20ResetThatAcknowledgesOurFinFollowsFromIt) {
  const Attribution a = judge(established(fin_out(90, 1001), reset_ack(130, kNext, 1002)));
  EXPECT_FALSE(a.rst_from) << all_of(a);
  EXPECT_TRUE(says(a, "this host closed first: its FIN left 40 ms before"));
}

TEST(RstMatrixTest, T20ResetThatLeavesOurFinUnacknowledgedIsJudged) {
  const Attribution a = judge(established(fin_out(90, 1001), reset_ack(130, kNext, 1)));
  EXPECT_EQ(a.rst_from, RstFrom::kUnknown) << all_of(a);
}

TEST(RstMatrixTest, T20CountersTellWhetherOurFinWasAcknowledged) {
  const WireHistory h = established(fin_out(90, 1001), reset(130));
  HostFacts host;
  host.bytes_acked = Bytes{1000};
  EXPECT_EQ(judge(h, host).rst_from, RstFrom::kUnknown);
  host.bytes_acked = Bytes{1001};
  EXPECT_FALSE(judge(h, host).rst_from);
}

TEST(RstMatrixTest, T21AbortOfTheClientIsTheClients) {
  const Attribution a = judge(established_linux(with_id(with_timestamps(reset_ack(80)), 503)));
  EXPECT_EQ(a.rst_from, RstFrom::kClient) << all_of(a);
  EXPECT_EQ(a.confidence, Confidence::kStrong);
  EXPECT_TRUE(has_rule(a, "N1"));
}

TEST(RstMatrixTest, T21IdThatCountsEverySegmentIsTheClients) {
  HostFacts host;
  host.segments_in = 76;  // the SYN, and 75 more
  const Attribution a = judge(established(with_id(reset_ack(80), 575)), host);
  EXPECT_EQ(a.rst_from, RstFrom::kClient) << all_of(a);
  EXPECT_EQ(a.confidence, Confidence::kStrong);
}

TEST(RstMatrixTest, T21ContinuityFromAnotherDistanceNamesNobody) {
  HostFacts host;
  host.segments_in = 4;
  const Attribution a = judge(established(with_ttl(with_id(reset_ack(80), 503), 60)), host);
  EXPECT_EQ(a.rst_from, RstFrom::kUnknown) << all_of(a);
  EXPECT_EQ(a.confidence, Confidence::kNone);
  EXPECT_TRUE(has_rule(a, "N1") && has_rule(a, "P5"));
}

TEST(RstMatrixTest, T21ContinuityFromOneHopFartherIsNotTheBestCase) {
  HostFacts host;
  host.segments_in = 4;
  const Attribution a = judge(established(with_ttl(with_id(reset_ack(80), 503), 51)), host);
  EXPECT_EQ(a.rst_from, RstFrom::kClient) << all_of(a);
  EXPECT_EQ(a.confidence, Confidence::kModerate);
}

TEST(RstMatrixTest, T22ResetAfterTheClientsFinFollowsFromIt) {
  const Attribution a = judge(established(fin_in(80), reset(120, 102)));
  EXPECT_FALSE(a.rst_from) << all_of(a);
  EXPECT_TRUE(says(a, "the client closed first: its FIN came 40 ms before"));
}

TEST(RstMatrixTest, T23OneHopNearerIsWeak) {
  const Attribution a = judge(established(with_ttl(reset(40.1), 53)));
  EXPECT_EQ(a.rst_from, RstFrom::kUnknown) << all_of(a);
  EXPECT_EQ(a.confidence, Confidence::kWeak);
  EXPECT_TRUE(says(a, "ttl 53, client's packets 52: one hop nearer; also seen after a route"));
}

TEST(RstMatrixTest, T23OneHopNearerAndTooSoonIsStrong) {
  HostFacts host;
  host.min_rtt = milliseconds(40);
  const Attribution a = judge(established(with_ttl(reset(40.1), 53)), host);
  EXPECT_EQ(a.rst_from, RstFrom::kPath) << all_of(a);
  EXPECT_EQ(a.confidence, Confidence::kStrong);
  EXPECT_TRUE(has_rule(a, "P2") && has_rule(a, "P7"));
  EXPECT_TRUE(says(a, "not proof"));
}

// Two families are needed for strong, and distance alone is one.
TEST(RstMatrixTest, T24AdjacentDeviceAloneIsModerate) {
  const Attribution a = judge(established(with_ttl(reset(80), 64)));
  EXPECT_EQ(a.rst_from, RstFrom::kPath) << all_of(a);
  EXPECT_EQ(a.confidence, Confidence::kModerate);
  EXPECT_TRUE(has_rule(a, "P4"));
  EXPECT_TRUE(says(a, "ttl 64, client's packets 52: 0 hops against 12, taking 64 as the initial"));
}

TEST(RstMatrixTest, T24AdjacentDeviceAndALivingClientIsStrong) {
  const Attribution a = judge(established(with_ttl(reset(60), 64), data(1400, kNext, 50)));
  EXPECT_EQ(a.rst_from, RstFrom::kPath) << all_of(a);
  EXPECT_EQ(a.confidence, Confidence::kStrong);
}

/// R+A with the window of the packet that triggered it, at that packet's own number.
Packet of_suricata(double ms, std::uint32_t seq) {
  Packet p = with_ttl(reset_ack(ms, seq), 60);
  p.window = 502;
  p.dont_fragment = false;
  return p;
}

TEST(RstMatrixTest, T25ResetBehindThePassedTriggerIsIgnored) {
  const Attribution a = judge(established_linux(of_suricata(40.2, 1)));
  EXPECT_FALSE(a.rst_from) << all_of(a);
  EXPECT_EQ(a.confidence, Confidence::kNone);
  EXPECT_TRUE(has_rule(a, "P5") && has_rule(a, "P10") && has_rule(a, "P11"));
  EXPECT_TRUE(says(a, "ignored"));
}

TEST(RstMatrixTest, T25ResetInPlaceOfTheDroppedTriggerIsApplied) {
  const Attribution a = judge(established_linux(of_suricata(60, kNext)));
  EXPECT_EQ(a.rst_from, RstFrom::kPath) << all_of(a);
  EXPECT_EQ(a.confidence, Confidence::kModerate);
  EXPECT_TRUE(has_rule(a, "P5") && has_rule(a, "P10"));
}

TEST(RstMatrixTest, T26StrafingProbesNumbers) {
  const Attribution a =
      judge(established(reset(80), reset(80.1, kNext + 100), reset(80.2, kNext + 200),
                        reset(80.3, kNext + 400), reset(80.4, kNext + 32000)));
  EXPECT_TRUE(has_rule(a, "P9")) << all_of(a);
  EXPECT_EQ(a.rst_from, RstFrom::kPath);
  EXPECT_EQ(a.confidence, Confidence::kModerate);
}

TEST(RstMatrixTest, T27TrainOf2006IsStrongWithItsTtl) {
  const Attribution a =
      judge(established(with_ttl(reset(60), 60), with_ttl(reset(60.1, kNext + 1460), 60),
                        with_ttl(reset(60.2, kNext + 4380), 60)));
  EXPECT_TRUE(has_rule(a, "P9") && has_rule(a, "P5")) << all_of(a);
  EXPECT_EQ(a.confidence, Confidence::kStrong);
}

TEST(RstMatrixTest, T27ThreeEqualResetsNameNobody) {
  const Attribution a = judge(established(reset(60), reset(60.1), reset(60.2)));
  EXPECT_EQ(a.rst_from, RstFrom::kUnknown) << all_of(a);
  EXPECT_EQ(a.confidence, Confidence::kNone);
}

TEST(RstMatrixTest, T27ResetsThatAnswerTheSynCopyItsNumber) {
  WireHistory h = history(syn(0), syn_ack(0.1));
  for (const int i : {0, 1, 2}) {
    Packet p = reset_ack(1 + i * 0.1, 0);
    p.window = static_cast<std::uint16_t>(1980 + i);
    h.add(p);
  }
  const Attribution a = judge(h);
  EXPECT_TRUE(has_rule(a, "P10")) << all_of(a);
  EXPECT_FALSE(a.rst_from);
}

Packet of_carrier(double ms, std::uint32_t seq) {
  return with_ttl(with_id(reset_ack(ms, seq), 10003), 127);
}

TEST(RstMatrixTest, T28CarrierResetBehindTheDataIsIgnored) {
  const Attribution a = judge(established(of_carrier(31'040, 1)));
  EXPECT_FALSE(a.rst_from) << all_of(a);
  EXPECT_TRUE(has_rule(a, "P5"));
}

TEST(RstMatrixTest, T28CarrierResetThatIsExactIsApplied) {
  const Attribution a = judge(established(of_carrier(31'040, kNext)));
  EXPECT_EQ(a.rst_from, RstFrom::kPath) << all_of(a);
  EXPECT_EQ(a.confidence, Confidence::kModerate);
  EXPECT_TRUE(has_rule(a, "P5"));
}

TEST(RstMatrixTest, T29RandomTtlsClaimNoDistance) {
  const Attribution a = judge(
      established(with_ttl(reset(60), 113), with_ttl(reset(60.1), 64), with_ttl(reset(60.2), 200)));
  EXPECT_TRUE(has_rule(a, "P5")) << all_of(a);
  EXPECT_FALSE(has_rule(a, "P4"));
  EXPECT_TRUE(says(a, "ttl varies among resets (3 values), so no distance is claimed"));
  EXPECT_FALSE(says(a, "hops"));
}

TEST(RstMatrixTest, T30FrontEndWithAnotherInitialTtlIsNeutral) {
  const Attribution a = judge(history(with_ttl(syn(0), 59), syn_ack(0.1),
                                      with_ttl(data(40, 1, 100), 59), with_ttl(reset(80), 123)));
  EXPECT_EQ(a.rst_from, RstFrom::kUnknown) << all_of(a);
  EXPECT_EQ(a.confidence, Confidence::kNone);
  EXPECT_TRUE(has_rule(a, "P6"));
}

TEST(RstMatrixTest, T31ClientBehindAHandshakeProxyIsKnownByItsData) {
  const Attribution a = judge(history(with_ttl(syn(0), 255), syn_ack(0.1),
                                      with_ttl(data(40, 1, 100), 57), with_ttl(reset(80), 57)));
  EXPECT_EQ(a.rst_from, RstFrom::kUnknown) << all_of(a);
  EXPECT_FALSE(has_rule(a, "P5"));
}

TEST(RstMatrixTest, T31SynAloneIsNoFirmBaseline) {
  HostFacts host;
  host.handshake_ttl = 255;
  const Attribution a =
      judge(history(with_ttl(syn(0), 255), syn_ack(0.1), with_ttl(reset(80, 1), 57)), host);
  EXPECT_EQ(a.rst_from, RstFrom::kUnknown) << all_of(a);
  EXPECT_LE(a.confidence, Confidence::kModerate);
  EXPECT_TRUE(says(a, "a proxy that answers handshakes would look the same"));
}

TEST(RstMatrixTest, T31SynAloneCapsEvenTwoFamilies) {
  HostFacts host;
  host.min_rtt = milliseconds(40);
  const WireHistory h = history(syn(0), syn_ack(0.1), with_ttl(reset(0.3, 1), 60));
  EXPECT_EQ(judge(h, host).confidence, Confidence::kModerate);
  host.handshake_ttl = 52;  // the handshake's third packet is a second witness
  EXPECT_EQ(judge(h, host).confidence, Confidence::kStrong);
}

TEST(RstMatrixTest, T32RouteChangeIsNotHeldAgainstTheReset) {
  const Attribution a =
      judge(history(with_ttl(syn(0), 57), syn_ack(0.1), with_ttl(data(40, 1, 100), 57),
                    with_ttl(data(60, kNext, 50), 56), with_ttl(reset(90, 151), 56)));
  EXPECT_EQ(a.rst_from, RstFrom::kUnknown) << all_of(a);
  EXPECT_TRUE(a.rules.empty());
}

TEST(RstMatrixTest, T33DataBeyondTheResetAloneIsModerate) {
  const Attribution a =
      judge(established(reset(60), data(1400, kNext, 50), own_reset(1400.1, false)));
  EXPECT_TRUE(a.client_went_on) << all_of(a);
  EXPECT_EQ(a.rst_from, RstFrom::kUnknown) << "it may be a failed translation, as below";
  EXPECT_EQ(a.confidence, Confidence::kModerate);
  EXPECT_TRUE(has_rule(a, "P1"));
  EXPECT_TRUE(says(a, "this host's own RST, 1.3 s later, is a consequence"));
}

TEST(RstMatrixTest, T35GarbageInTheUnusedAckFieldChangesNothing) {
  Packet first = reset(80);
  Packet second = reset(81);
  const Attribution clean = judge(established(first, second));
  first.ack_number = 0x12345678;
  second.ack_number = 0x9abcdef0;
  const WireHistory h = established(first, second);
  EXPECT_EQ(all_of(judge(h)), all_of(clean));
  EXPECT_EQ(h.facts().client_acked, Bytes{0});
}

TEST(RstMatrixTest, T37LostPacketsAreSaid) {
  HostFacts host;
  host.packets_lost = 3;
  const Attribution a = judge(established(with_ttl(reset(80), 60)), host);
  EXPECT_TRUE(says(a, "the capture lost 3 packets")) << all_of(a);
}

/// A segment that escaped the address translation: the client's kernel resets a connection that it
/// does not know, and its own connection lives on (Kubernetes, 2019).
TEST(RstMatrixTest, ResetOfAFailedTranslationIsNobodysButThePathIsToBlame) {
  const Attribution a = judge(established(reset(1081), fin_in(2000)), with_rtt(40));
  EXPECT_TRUE(has_rule(a, "P1")) << all_of(a);
  EXPECT_EQ(a.rst_from, RstFrom::kUnknown) << all_of(a);
  EXPECT_TRUE(a.client_went_on);
  EXPECT_EQ(a.confidence, Confidence::kModerate);
  EXPECT_TRUE(says(a, "as where a translation failed; not proof")) << all_of(a);
}

TEST(RstMatrixTest, ResetInAnotherFormOrFromElsewhereNeedsNoTranslation) {
  for (const Packet& rst : {reset_ack(1081), with_ttl(reset(1081), 53)}) {
    const Attribution a = judge(established(rst, fin_in(2000)), with_rtt(40));
    EXPECT_EQ(a.rst_from, RstFrom::kPath) << all_of(a);
    EXPECT_FALSE(a.client_went_on);
  }
}

TEST(RstMatrixTest, ResetSoonerThanTheClientCanAnswerIsNoFailedTranslation) {
  const Attribution a = judge(established(reset(45), fin_in(1000)), with_rtt(40));
  EXPECT_TRUE(has_rule(a, "P1") && has_rule(a, "P2")) << all_of(a);
  EXPECT_EQ(a.rst_from, RstFrom::kPath) << all_of(a);
}

}  // namespace
}  // namespace connfate::witness

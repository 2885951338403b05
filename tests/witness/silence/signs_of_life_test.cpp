// SPDX-License-Identifier: Apache-2.0
// What tells that the client lived while data was lost: D2, D3, D7.
#include "witness/silence/signs_of_life.hpp"

#include <gtest/gtest.h>

#include "witness/repetitions.hpp"

namespace connfate::witness {
namespace {

using namespace wire;
using std::chrono::milliseconds;

Silence heard(milliseconds before_the_end) {
  Silence s = three_repetitions();
  s.snapshot.last_ack_recv = before_the_end;
  return s;
}

Attribution judge(const WireHistory& history, const Silence& silence = three_repetitions(),
                  const HostFacts& host = {}, bool capture_runs = true) {
  return attribute_silence(history, host, silence, capture_runs);
}

// --- D2: the client lives, and acknowledges nothing ---

TEST(SignsOfLifeTest, D2ClientPacketWithAnOldAcknowledgement) {
  const Attribution a = judge(established(data(3000, kNext, 50)), five_repetitions(3000));
  EXPECT_TRUE(has_rule(a, "D2") && !has_rule(a, "D1") && !has_rule(a, "D3")) << all_of(a);
  EXPECT_TRUE(a.path_proven_alive);
  EXPECT_EQ(a.confidence, Confidence::kStrong);
  EXPECT_TRUE(says(a, "a packet of the client came 2.2 s after the data was first sent"));
  EXPECT_TRUE(says(a, "what was sent again 4.0 s later went unanswered, too"));
  EXPECT_TRUE(says(a, "which device dropped the data cannot be determined from this host"));
}

/// W7, and what a firewall of this host kept from TCP.
TEST(SignsOfLifeTest, D2WhatTheKernelDidNotTakeIsNoSignOfLife) {
  const Attribution a = judge(established(data(3000, kNext, 50)), five_repetitions(40));
  EXPECT_EQ(a.rules, std::vector<std::string_view>{"D1"}) << all_of(a);
  EXPECT_FALSE(a.path_proven_alive);
}

/// W59: who was off the net, and came back, sends a packet, too.
TEST(SignsOfLifeTest, D2APacketTellsNothingOfTheTimeBeforeItWasSent) {
  const Attribution a = judge(established(fin_in(3300)), heard(milliseconds(500)));
  EXPECT_FALSE(a.path_proven_alive) << all_of(a);
  EXPECT_EQ(a.rules, std::vector<std::string_view>{"D3"});
  EXPECT_EQ(a.confidence, Confidence::kWeak);
  EXPECT_TRUE(says(a, "a FIN of the client came 2.5 s after the data was first sent"));
  EXPECT_TRUE(says(a, "whether the path, the client or this host itself stopped"));
}

TEST(SignsOfLifeTest, D2RepeatedRequestIsASignOfLife) {
  EXPECT_TRUE(judge(established(data(3000, 1, 100)), five_repetitions(3000)).path_proven_alive);
}

TEST(SignsOfLifeTest, D2PacketThatCrossedTheDataProvesNothing) {
  for (const double ms : {850, 1100, 1790}) {
    const Attribution a = judge(established(data(ms, kNext, 50)), five_repetitions(ms));
    EXPECT_FALSE(a.path_proven_alive || has_rule(a, "D3")) << ms;
  }
}

TEST(SignsOfLifeTest, D2PacketThatAcknowledgesMoreProvesNothing) {
  const Attribution a = judge(established(data(3000, kNext, 50, 501)));
  EXPECT_FALSE(a.path_proven_alive || has_rule(a, "D3")) << all_of(a);
}

TEST(SignsOfLifeTest, D2ResetIsNoSignOfLife) {
  Packet abort = with_timestamps(reset_ack(3000, kNext, 1));
  abort.window = 502;
  for (const Packet& p : {reset_ack(3000, kNext, 1), reset(3000), abort}) {
    EXPECT_FALSE(judge(established(p), five_repetitions()).path_proven_alive);
  }
}

TEST(SignsOfLifeTest, D2PacketFromAnotherDistanceIsNoSignOfLife) {
  const WireHistory h = established(with_ttl(data(3000, kNext, 50), 64));
  EXPECT_FALSE(judge(h).path_proven_alive);
  EXPECT_FALSE(judge(h, five_repetitions(3000)).path_proven_alive) << "though TCP took it";
}

TEST(SignsOfLifeTest, D2NeedsTheHandshakeToCountFrom) {
  EXPECT_FALSE(judge(history(data(40, 1, 100), data(3000, kNext, 50))).path_proven_alive);
}

TEST(SignsOfLifeTest, D2NeedsARepetition) {
  Silence s = five_repetitions(3000);
  s.snapshot.retransmits = 0;
  EXPECT_FALSE(judge(established(data(3000, kNext, 50)), s).path_proven_alive);
}

TEST(SignsOfLifeTest, D2LongRoundTripsAreWaitedFor) {
  for (const double ms : {3000, 3600}) {
    Silence s = five_repetitions(ms);
    s.snapshot.rtt = milliseconds(1200);
    EXPECT_EQ(judge(established(data(ms, kNext, 50)), s).path_proven_alive, ms > 3500) << ms;
  }
}

TEST(SignsOfLifeTest, D2TheKernelHeardTheClient) {
  const Attribution a = judge(established(), five_repetitions(3300));
  EXPECT_TRUE(has_rule(a, "D2")) << all_of(a);
  EXPECT_TRUE(a.path_proven_alive);
  EXPECT_TRUE(says(a, "the kernel heard the client 2.5 s after the data was first sent"));
}

TEST(SignsOfLifeTest, D2TheKernelHeardTheClientTooEarly) {
  EXPECT_FALSE(judge(established(), five_repetitions(1300)).path_proven_alive);
}

TEST(SignsOfLifeTest, D2TheKernelHeardTheClientAfterTheLastRepetition) {
  EXPECT_FALSE(judge(established(), five_repetitions(7100)).path_proven_alive);
}

TEST(SignsOfLifeTest, D2TheKernelDoesNotKnowTheWindow) {
  Silence s = five_repetitions(3300);
  s.snapshot.snd_wnd.reset();
  EXPECT_FALSE(judge(established(), s).path_proven_alive);
}

TEST(SignsOfLifeTest, D2NeedsNoCaptureWhenTheKernelHeardTheClient) {
  const Attribution a = judge(WireHistory(), five_repetitions(3300), {}, false);
  EXPECT_TRUE(a.path_proven_alive) << all_of(a);
}

/// W67: ICMP "host unreachable" undid the back-off (RFC 6069), so that 62 repetitions look like the
/// work of 204 ms. The message shows when the first of them had been sent.
TEST(SignsOfLifeTest, D2AnIcmpMessageTellsSinceWhenTheDataWasSent) {
  Silence s = five_repetitions(3000);
  s.snapshot.retransmits = 62;
  s.snapshot.rto = s.snapshot.last_data_sent = milliseconds(204);
  WireHistory h = established(fin_in(3000));
  EXPECT_FALSE(judge(h, s).path_proven_alive);
  const std::array<std::uint8_t, 4> router{203, 0, 113, 9};
  h.add(IcmpError{at(900), flow(), Endpoint::from(router, 0), 3, 1, kServerIsn + 1});
  const Attribution a = judge(h, s);
  EXPECT_TRUE(a.path_proven_alive && has_rule(a, "D2")) << all_of(a);
  EXPECT_TRUE(says(a, "a FIN of the client came at least 2.1 s after the data was first sent"));
}

// --- D3: the client comes later ---

TEST(SignsOfLifeTest, D3LaterFinAcknowledgesNothing) {
  const Attribution a = judge(established(fin_in(8000), own_reset(8000.1, false)));
  EXPECT_EQ(a.rules, std::vector<std::string_view>{"D3"}) << all_of(a);
  EXPECT_FALSE(says(a, "had arrived"));
  EXPECT_FALSE(a.path_proven_alive) << "it may have been off the net until then";
  EXPECT_EQ(a.confidence, Confidence::kWeak);
  EXPECT_TRUE(says(a,
                   "a FIN of the client came 4.2 s after this host had given up and acknowledges "
                   "nothing of the response"));
  EXPECT_TRUE(says(a, "no FIN and no RST left this host before the end"));
  EXPECT_TRUE(says(a, "this host's RST, 4.2 s after the end, is a consequence"));
}

TEST(SignsOfLifeTest, D3LaterResetIsNoSignOfLife) {
  const Attribution a = judge(established(reset_ack(8000, kNext, 1)));
  EXPECT_FALSE(a.path_proven_alive) << all_of(a);
  EXPECT_TRUE(says(a, "a RST in the client's name came 4.2 s after the end: not its cause"));
}

TEST(SignsOfLifeTest, D3LaterFinThatAcknowledgesAllSaysTheOpposite) {
  const Attribution a = judge(established(fin_in(8000, kNext, 501)));
  EXPECT_FALSE(a.path_proven_alive) << all_of(a);
  EXPECT_FALSE(has_rule(a, "D3"));
  EXPECT_TRUE(says(a, "acknowledges 500 of 500 bytes: the data had arrived"));
}

// --- D7: the client repeats what was answered ---

TEST(SignsOfLifeTest, D7AFinThatComesAgainAndAgainThoughItIsAnswered) {
  const Attribution a =
      judge(established(fin_in(8000), own_reset(8000.1, false), fin_in(8300),
                        own_reset(8300.1, false), fin_in(8900), own_reset(8900.1, false)));
  EXPECT_TRUE(has_rule(a, "D7")) << all_of(a);
  EXPECT_TRUE(a.path_proven_alive);
  EXPECT_EQ(a.confidence, Confidence::kStrong);
  EXPECT_TRUE(says(a, "the client repeated a FIN that this host had answered each time"));
}

TEST(SignsOfLifeTest, D7TwiceMayBeTheEdgeOfAnOutage) {
  EXPECT_FALSE(
      judge(established(fin_in(8000), own_reset(8000.1, false), fin_in(8300))).path_proven_alive);
}

TEST(SignsOfLifeTest, D7WithoutAnAnswerThereIsNothingToMiss) {
  EXPECT_FALSE(judge(established(fin_in(8000), fin_in(8300), fin_in(8900))).path_proven_alive)
      << "a firewall of this host may have kept them from TCP";
}

TEST(SignsOfLifeTest, D7BeforeTheEndTheKernelMustHaveTakenThem) {
  const WireHistory h = established(fin_in(2100), fin_in(2400), fin_in(3000));
  EXPECT_TRUE(has_rule(judge(h, heard(milliseconds(800))), "D7"));
  EXPECT_FALSE(judge(h).path_proven_alive);
}

TEST(SignsOfLifeTest, D7CopiesThatComeFasterThanAnAnswerProveNothing) {
  const WireHistory h = established(fin_in(2900), fin_in(2950), fin_in(3000));
  EXPECT_FALSE(judge(h, heard(milliseconds(800))).path_proven_alive);
}

}  // namespace
}  // namespace connfate::witness

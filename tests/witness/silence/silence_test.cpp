// SPDX-License-Identifier: Apache-2.0
#include "witness/silence/silence.hpp"

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

TEST(SilenceTest, D1NothingMoreWasHeard) {
  const Attribution a = judge(established());
  EXPECT_EQ(a.rules, std::vector<std::string_view>{"D1"}) << all_of(a);
  EXPECT_FALSE(a.path_proven_alive);
  EXPECT_EQ(a.confidence, Confidence::kNone);
  EXPECT_FALSE(a.rst_from);
  EXPECT_TRUE(says(
      a,
      "went silent, or this host kept what the client sent (nft list ruleset): last heard 3.8 s"));
  EXPECT_TRUE(says(a, "first unacknowledged byte: 1 of the response's 500"));
  EXPECT_TRUE(says(a, "data retransmitted 3 times over about 1.4 s"));
  EXPECT_TRUE(says(a, "no FIN and no RST left this host before the end"));
  EXPECT_TRUE(says(a, "no FIN and no RST arrived before the end"));
  EXPECT_TRUE(says(a, "cannot be determined from this host"));
}

/// Its own packets this host is excluded from by the kernel's count alone.
TEST(SilenceTest, D1NamesThisHostsOutputWhereItIsNotCounted) {
  Silence uncounted = three_repetitions();
  uncounted.output_excluded = false;
  const Attribution a = judge(established(), uncounted);
  EXPECT_TRUE(says(a, "went silent, or this host kept packets of either")) << all_of(a);
  EXPECT_TRUE(says(a, "whether the path, the client or this host itself stopped"));
}

/// With the default tcp_retries2 the last six timeouts are all of 120 s.
TEST(SilenceTest, WhereTheTimeoutNoLongerDoublesTheTimeIsALowerBound) {
  Silence s = three_repetitions();
  s.snapshot.retransmits = 15;
  s.snapshot.rto = std::chrono::seconds(120);
  s.snapshot.last_data_sent = std::chrono::seconds(120);
  EXPECT_TRUE(says(judge(established(), s), "data retransmitted 15 times over at least 120.0 s"));
}

/// ICMP that a host or a network is unreachable undoes the back-off (RFC 6069): five repetitions
/// with a timeout of 816 ms, which no timeout that doubled five times is.
TEST(SilenceTest, WhereIcmpUndidTheBackOffTheTimeIsALowerBound) {
  Silence s = three_repetitions();
  s.snapshot.retransmits = 5;
  s.snapshot.rto = milliseconds(816);
  s.snapshot.last_data_sent = milliseconds(816);
  EXPECT_TRUE(says(judge(established(), s), "data retransmitted 5 times over at least 790 ms"));
}

TEST(SilenceTest, D1IsTooEarlyWhileTheServerIsStillTrying) {
  Silence s = heard(milliseconds(300));
  s.taken_at = s.ended_at;
  s.ended_at.reset();
  s.snapshot.retransmits = 1;
  s.snapshot.rto = milliseconds(400);
  s.snapshot.last_data_sent = milliseconds(100);
  const Attribution a = judge(established(), s);
  EXPECT_FALSE(has_rule(a, "D1")) << all_of(a);
  EXPECT_TRUE(says(a, "no FIN and no RST left this host so far"));
}

TEST(SilenceTest, PartOfTheResponseWasAcknowledged) {
  Silence s = three_repetitions();
  s.start = Bytes{1000};
  s.end = Bytes{5000};
  s.acked = Bytes{2448};
  EXPECT_TRUE(
      says(judge(established(), s), "first unacknowledged byte: 1449 of the response's 4000"));
}

TEST(SilenceTest, NothingIsSaidWhenAllWasAcknowledged) {
  Silence s = three_repetitions();
  s.acked = s.end;
  const Attribution a = judge(established(fin_in(3500)), s);
  EXPECT_TRUE(a.evidence.empty() && a.rules.empty());
  EXPECT_FALSE(a.path_proven_alive);
}

// --- D5: the client does not read ---

Silence window_closed() {
  Silence s = three_repetitions();
  s.snapshot.snd_wnd = Bytes{0};
  s.snapshot.notsent = Bytes{500};
  s.snapshot.retransmits = 0;
  return s;
}

TEST(SilenceTest, D5ClosedWindowIsNoDrop) {
  const Attribution a = judge(established(data(3000, kNext, 50)), window_closed());
  EXPECT_EQ(a.rules, std::vector<std::string_view>{"D5"}) << all_of(a);
  EXPECT_FALSE(a.path_proven_alive);
  EXPECT_EQ(a.confidence, Confidence::kProven);
}

TEST(SilenceTest, D5ClosedWindowWithDataInFlightIsNoDropEither) {
  Silence s = heard(milliseconds(500));
  s.snapshot.snd_wnd = Bytes{0};
  EXPECT_EQ(judge(established(fin_in(8000)), s).rules, std::vector<std::string_view>{"D5"});
}

TEST(SilenceTest, D5UnansweredProbesAreASilence) {
  Silence s = window_closed();
  s.snapshot.probes = 5;
  const Attribution a = judge(established(), s);
  EXPECT_EQ(a.rules, std::vector<std::string_view>{"D1"}) << all_of(a);
}

TEST(SilenceTest, ClosedWindowIsNeverAProofAboutThePath) {
  Silence s = three_repetitions();
  s.snapshot.snd_wnd = Bytes{0};
  EXPECT_FALSE(judge(established(data(3000, kNext, 50), fin_in(8000)), s).path_proven_alive);
  Packet closed = data(3000, kNext, 50);
  closed.window = 0;
  EXPECT_FALSE(judge(established(closed)).path_proven_alive);
}

// --- what is said of what was not seen ---

TEST(SilenceTest, T37LossesForbidNegativeStatements) {
  HostFacts host;
  host.packets_lost = 1;
  const Attribution a = judge(established(), three_repetitions(), host);
  EXPECT_FALSE(says(a, "no FIN")) << all_of(a);
  EXPECT_FALSE(says(a, "no RST"));
  EXPECT_FALSE(says(a, "capture complete"));
}

TEST(SilenceTest, CaptureThatBeganLaterForbidsNegativeStatements) {
  EXPECT_FALSE(says(judge(history(data(40, 1, 100))), "no FIN"));
}

TEST(SilenceTest, WithoutCaptureNothingIsSaidOfPackets) {
  EXPECT_FALSE(says(judge(established(), three_repetitions(), {}, false), "no FIN"));
}

TEST(SilenceTest, OwnFinBeforeTheEndIsNotDenied) {
  const Attribution a = judge(established(fin_out(820, 501)));
  EXPECT_FALSE(says(a, "no FIN and no RST left")) << all_of(a);
  EXPECT_TRUE(says(a, "no RST left this host before the end"));
}

TEST(SilenceTest, ResetThatArrivedIsNotDenied) {
  const Attribution a = judge(established(reset(900, 1)));
  EXPECT_FALSE(says(a, "RST arrived")) << all_of(a);
}

TEST(SilenceTest, FinThatArrivedIsNotDenied) {
  const Attribution a = judge(established(fin_in(900)));
  EXPECT_TRUE(says(a, "no RST arrived")) << all_of(a);
  EXPECT_FALSE(says(a, "no FIN and no RST arrived"));
}

TEST(SilenceTest, IcmpErrorNamesItsSender) {
  WireHistory h = established();
  IcmpError error{at(900), flow(), {}, 3, 13};
  const std::array<std::uint8_t, 4> router{203, 0, 113, 9};
  error.sender = Endpoint::from(router, 0);
  error.quoted_seq = kServerIsn + 1;
  h.add(error);
  EXPECT_TRUE(says(judge(h),
                   "ICMP 3/13 (administratively prohibited) about this connection came "
                   "from 203.0.113.9; nothing vouches for it"));
}

TEST(SilenceTest, D6AProhibitionFromBetweenNamesThePath) {
  WireHistory h = established();
  const std::array<std::uint8_t, 4> router{203, 0, 113, 9};
  h.add(IcmpError{at(10), flow(), Endpoint::from(router, 0), 3, 13, kServerIsn + 1});
  EXPECT_FALSE(judge(h).refused_on_path) << "before the client was last heard";
  h.add(IcmpError{at(900), flow(), Endpoint::from(router, 0), 3, 13, kServerIsn + 1});
  const Attribution a = judge(h);
  EXPECT_TRUE(a.refused_on_path && !a.path_proven_alive) << all_of(a);
  EXPECT_EQ(a.rules, std::vector<std::string_view>{"D6"});
  EXPECT_EQ(a.confidence, Confidence::kModerate);
  EXPECT_FALSE(says(a, "whether the path or the client")) << all_of(a);
}

TEST(SilenceTest, OtherIcmpErrorsLeaveItOpen) {
  WireHistory h = established();
  const std::array<std::uint8_t, 4> router{203, 0, 113, 9};
  h.add(IcmpError{at(900), flow(), Endpoint::from(router, 0), 3, 1, kServerIsn + 1});
  const Attribution a = judge(h);
  EXPECT_EQ(a.rules, std::vector<std::string_view>{"D1"}) << all_of(a);
  EXPECT_FALSE(a.refused_on_path);
}

TEST(SilenceTest, RulesAreD1ToD7) {
  const auto rules = silence_rules();
  ASSERT_EQ(rules.size(), 7U);
  for (std::size_t i = 0; i < rules.size(); ++i) {
    EXPECT_EQ(rules[i].id, "D" + std::to_string(i + 1));
    EXPECT_TRUE(rules[i].meaning.ends_with('.'));
  }
}

}  // namespace
}  // namespace connfate::witness

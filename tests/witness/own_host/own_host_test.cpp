// SPDX-License-Identifier: Apache-2.0
// The judgement of this host itself, from what a kernel counted and what its interfaces saw.
#include "witness/own_host/own_host.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "witness/packets.hpp"

namespace connfate::witness {
namespace {

using namespace wire;
using std::chrono::milliseconds;

/// A response of 3000 bytes, of which nothing was acknowledged when the socket ended, 8 s after the
/// request; the client's address is a router away.
class OwnHostTest : public testing::Test {
 protected:
  OwnHostTest() {
    socket_.state = TcpState::kClose;
    socket_.flow = flow();
    socket_.unacked = Bytes{3000};
    TcpSnapshot s;
    s.state = TcpState::kClose;
    s.snd_mss = Bytes{1448};
    s.snd_wnd = Bytes{65536};
    s.rto = milliseconds(1600);
    s.last_data_sent = milliseconds(1600);
    s.last_data_recv = s.last_ack_recv = milliseconds(7900);
    s.bytes_acked = Bytes{0};
    s.bytes_received = Bytes{100};
    s.bytes_sent = Bytes{3000};
    s.bytes_retrans = s.notsent = Bytes{0};
    s.total_rto_time = milliseconds(3000);
    socket_.snapshot = s;
    add(syn(0)), add(syn_ack(0)), add(data(20, 1, 100));
  }

  void add(const Packet& packet) { history_.add(packet); }
  void refuse(std::uint64_t bytes) {
    snapshot().bytes_sent = Bytes{bytes};
    snapshot().notsent = socket_.unacked;
  }
  void repeat(std::uint8_t times, std::uint32_t counted) {
    snapshot().retransmits = times;
    snapshot().total_retrans = {counted};
    snapshot().bytes_sent = Bytes{3000 + 1448 * counted};
    snapshot().bytes_retrans = Bytes{1448 * counted};
  }
  TcpSnapshot& snapshot() { return *socket_.snapshot; }
  OwnHost look() {
    host_.bytes_received = snapshot().bytes_received;
    host_.bytes_acked = snapshot().bytes_acked;
    host_.destroyed_at = kEnd;
    host_.written = Bytes{3000};
    return look_at_own_host({missing_, socket_, history_, host_, kEnd});
  }
  static bool has(const OwnHost& own, std::string_view rule) {
    return std::ranges::find(own.rules, rule) != own.rules.end();
  }

  const Instant kEnd = at(8000);
  MissingBytes missing_{Bytes{0}, Bytes{3000}, Bytes{0}, Bytes{0}};
  SocketRecord socket_;
  WireHistory history_;
  HostFacts host_;
};

/// About the response's first byte.
IcmpError own_icmp(std::uint8_t code) {
  IcmpError error{.at = at(3100), .flow = flow(), .sender = flow().local, .type = 3, .code = code};
  error.quoted_seq = kServerIsn + 1;
  error.loopback = true;
  return error;
}

Packet on_loopback(Packet p) {
  p.interface = 1;
  p.loopback = true;
  p.source_mac = {};
  return p;
}

// --- H1
// -------------------------------------------------------------------------------------------

TEST_F(OwnHostTest, H1NamesTheBytesAndWhereToLook) {
  refuse(7344);
  const OwnHost own = look();
  EXPECT_TRUE(own.kept_output && own.is_to_blame());
  EXPECT_EQ(own.refused, Bytes{7344});
  EXPECT_EQ(own.confidence, Confidence::kProven);
  ASSERT_TRUE(has(own, "H1"));
  for (const char* word : {"7344", "3000", "nft list ruleset", "ip route get", "tc -s qdisc"}) {
    EXPECT_NE(own.evidence.front().find(word), std::string::npos) << own.evidence.front();
  }
}

TEST_F(OwnHostTest, H1IsSilentWherePathOrClientDidIt) {
  EXPECT_FALSE(look().is_to_blame());
  EXPECT_EQ(look().refused, Bytes{0});
  repeat(4, 5);
  EXPECT_FALSE(look().is_to_blame());
  EXPECT_TRUE(look().evidence.empty());
}

TEST_F(OwnHostTest, H1ARefusalThatHealedBeforeTheLossIsANote) {
  repeat(4, 4);
  snapshot().bytes_sent = *snapshot().bytes_sent + Bytes{81088};
  const OwnHost own = look();
  EXPECT_FALSE(own.is_to_blame());
  EXPECT_TRUE(own.rules.empty());
  ASSERT_EQ(own.evidence.size(), 1U);
  EXPECT_NE(own.evidence.front().find("does not account for what is missing"), std::string::npos);
}

TEST_F(OwnHostTest, H1RefusalsBeforeTheResponseAreNotItsOwn) {
  refuse(7344);
  missing_.refused_before = Bytes{7344};
  EXPECT_FALSE(look().is_to_blame());
  EXPECT_EQ(look().refused, Bytes{0});
}

TEST_F(OwnHostTest, H1AClosedWindowIsTheClients) {
  refuse(7344);
  snapshot().snd_wnd = Bytes{0};
  EXPECT_FALSE(look().is_to_blame());
}

TEST_F(OwnHostTest, NothingIsAskedWhereEverythingArrived) {
  refuse(7344);
  missing_.acked = missing_.end;
  EXPECT_FALSE(look().is_to_blame());
}

// --- H2
// -------------------------------------------------------------------------------------------

TEST_F(OwnHostTest, H2AResetThatCameInOnLoopbackIsThisHosts) {
  add(on_loopback(reset(50)));
  const OwnHost own = look();
  EXPECT_TRUE(own.reset_itself);
  EXPECT_EQ(attribution_of(own).rst_from, RstFrom::kSelf);
  EXPECT_EQ(own.confidence, Confidence::kProven);
}

TEST_F(OwnHostTest, H2AResetOfTheWireIsNot) {
  add(reset(50));
  EXPECT_FALSE(look().is_to_blame());
  add(on_loopback(reset(60)));
  EXPECT_FALSE(look().is_to_blame()) << "it only followed";
}

TEST_F(OwnHostTest, H2AProxyOfThisHostHasAllItsPacketsOnLoopback) {
  history_ = {};
  for (const Packet& p : {syn(0), syn_ack(0), data(20, 1, 100), reset(50)}) add(on_loopback(p));
  EXPECT_FALSE(look().is_to_blame());
}

TEST_F(OwnHostTest, H2AnIcmpOfItsOwnAndRepeatsThatWereStuckMeanItsLink) {
  repeat(6, 2);
  history_.add(own_icmp(1));
  const OwnHost own = look();
  EXPECT_TRUE(own.link_silent && own.is_to_blame());
  EXPECT_TRUE(has(own, "H2") && has(own, "H4"));
}

TEST_F(OwnHostTest, H2ANeighbourThatWasAwayForAWhileNamesNobody) {
  repeat(6, 5);
  history_.add(own_icmp(1));
  const OwnHost own = look();
  EXPECT_FALSE(own.is_to_blame());
  EXPECT_TRUE(own.is_suspect) << "nor is the path named";
}

TEST_F(OwnHostTest, H2FragmentationNeededAndARoutersIcmpAreNothingOfItsOwn) {
  repeat(6, 2);
  history_.add(own_icmp(4));
  EXPECT_FALSE(look().is_to_blame());
  IcmpError of_router = own_icmp(1);
  of_router.loopback = false;
  history_.add(of_router);
  EXPECT_FALSE(look().is_to_blame());
}

TEST_F(OwnHostTest, H4WithoutPacketsUndoneBackOffTellsTheSame) {
  repeat(6, 2);
  snapshot().total_rto_time = milliseconds(16000);
  EXPECT_TRUE(look().link_silent);
  snapshot().total_rto_time = milliseconds(3000);
  EXPECT_FALSE(look().link_silent) << "a card that gives packets back late does that, too";
}

// --- H3
// -------------------------------------------------------------------------------------------

TEST_F(OwnHostTest, H3FinsThatTcpNeverGotWereKeptHere) {
  repeat(4, 5);
  add(fin_in(2000)), add(fin_in(2300)), add(fin_in(2900));
  const OwnHost own = look();
  EXPECT_TRUE(own.kept_input && has(own, "H3"));
  EXPECT_EQ(own.confidence, Confidence::kStrong);
}

TEST_F(OwnHostTest, H3OneIsNotEnough) {
  repeat(4, 5);
  add(fin_in(2000));
  EXPECT_FALSE(look().is_to_blame());
}

TEST_F(OwnHostTest, H3AFinThatTcpTookIsNone) {
  repeat(4, 5);
  add(fin_in(2000)), add(fin_in(2300));
  snapshot().bytes_received = Bytes{101};
  EXPECT_FALSE(look().is_to_blame());
}

TEST_F(OwnHostTest, H3AtTheVeryEndTheSocketMayHaveBeenGone) {
  repeat(4, 5);
  add(fin_in(7600)), add(fin_in(7990));
  EXPECT_FALSE(look().is_to_blame());
}

TEST_F(OwnHostTest, H3AcknowledgementsThatTcpNeverGot) {
  repeat(4, 5);
  add(data(2000, 101, 0, 1449)), add(data(2300, 101, 0, 3001));
  EXPECT_TRUE(look().kept_input);
}

TEST_F(OwnHostTest, H3WhatIsOutOfTheWindowTcpDropsItself) {
  repeat(4, 5);
  add(fin_in(2000, 50)), add(fin_in(2300, 90'000)), add(data(2600, 101, 0, 900'000));
  EXPECT_FALSE(look().is_to_blame());
}

TEST_F(OwnHostTest, H3WhatIsOlderByItsTimestampTcpDropsItself) {
  repeat(4, 5);
  Packet newer = data(1000, 1, 100);
  newer.timestamps = {900, 1};
  add(newer);
  for (const double ms : {2000.0, 2300.0}) {
    Packet fin = fin_in(ms);
    fin.timestamps = {800, 1};
    add(fin);
  }
  EXPECT_FALSE(look().is_to_blame());
}

TEST_F(OwnHostTest, H3ResetsThatTcpNeverGot) {
  repeat(4, 5);
  add(reset(2000)), add(reset(3000));
  EXPECT_TRUE(look().kept_input);
}

// --- H5
// -------------------------------------------------------------------------------------------

TEST_F(OwnHostTest, H5AResetThatTheOwnSocketSurvivedIsAFirewalls) {
  repeat(4, 5);
  Packet rst = out(1000, 1, 101);
  rst.rst = true;
  add(rst);
  const OwnHost own = look();
  EXPECT_TRUE(own.kept_input && has(own, "H5"));
  EXPECT_EQ(attribution_of(own).rst_from, RstFrom::kSelf);
}

TEST_F(OwnHostTest, H5AResetAtTheEndIsTcps) {
  repeat(4, 5);
  Packet rst = out(7990, 1, 101);
  rst.rst = true;
  add(rst);
  EXPECT_FALSE(look().is_to_blame());
}

}  // namespace
}  // namespace connfate::witness

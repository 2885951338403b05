// SPDX-License-Identifier: Apache-2.0
#include "witness/wire/wire_history.hpp"

#include <gtest/gtest.h>

#include "witness/packets.hpp"
#include "witness/wire/rst_effect.hpp"

namespace connfate::witness {
namespace {

using namespace wire;

Packet seen_on(Packet p, std::uint32_t interface, int hops, double later_ms) {
  p.interface = interface;
  p.ttl = static_cast<std::uint8_t>(p.ttl - hops);
  p.source_mac = {2, 0, 0, 0, 0, 0x99};
  p.at += Duration(static_cast<std::int64_t>(later_ms * 1000));
  return p;
}

std::string long_reason(int number) {
  return std::to_string(number) + std::string(kRstTextSize, '.');
}

TEST(WireHistoryTest, EmptyKnowsNothing) {
  const WireFacts f = WireHistory().facts();
  EXPECT_FALSE(f.syn_in || f.fin_in || f.fin_out || f.rst_in || f.rst_out || f.client_acked);
  EXPECT_FALSE(f.complete_from_start || f.last_client_packet || f.icmp);
}

TEST(WireHistoryTest, HandshakeFromBothSidesIsComplete) {
  EXPECT_TRUE(history(syn(0), syn_ack(1)).facts().complete_from_start);
  EXPECT_FALSE(history(syn(0)).facts().complete_from_start);
  EXPECT_FALSE(history(data(40, 1, 100)).facts().complete_from_start);
}

TEST(WireHistoryTest, NotesTheFirstOfEachEnd) {
  const WireFacts f =
      established(fin_out(90, 1001), fin_out(300, 1001), fin_in(130, kNext, 1002)).facts();
  EXPECT_EQ(f.fin_out, at(90));
  EXPECT_EQ(f.fin_in, at(130));
}

TEST(WireHistoryTest, OnlyTheFirstResetsKeepTheirText) {
  WireHistory h = established();
  for (int i = 0; i < 30; ++i) {
    Packet rst = reset(80 + i);
    rst.seq += static_cast<std::uint32_t>(i);
    rst.rst_text = long_reason(i);
    h.add(rst);
  }
  std::vector<std::string> texts;
  for (const Packet& p : h.packets()) {
    if (!p.rst_text.empty()) texts.push_back(p.rst_text);
  }
  EXPECT_EQ(texts, (std::vector{long_reason(0), long_reason(1)}));
  EXPECT_LT(h.packets().back().rst_text.capacity(), long_reason(0).size())
      << "and gives its memory back";
}

TEST(WireHistoryTest, T36OrderOfArrivalDoesNotMatter) {
  const WireHistory h = history(reset(80), data(40, 1, 100), syn_ack(0.1), syn(0));
  EXPECT_EQ(h.facts().rst_effect, RstEffect::kApplied);
  EXPECT_EQ(h.facts().client_acked, Bytes{0});
  EXPECT_TRUE(h.packets().front().syn);
}

TEST(WireHistoryTest, T36OnePacketOnTwoInterfacesCountsOnce) {
  WireHistory h = established(reset(80));
  const std::size_t count = h.packets().size();
  h.add(seen_on(reset(80), 5, 1, 0.2));
  EXPECT_EQ(h.packets().size(), count);
  EXPECT_TRUE(h.seen_on_several_interfaces());
  EXPECT_EQ(h.packets().back().interface, 2U);  // the first sight
}

TEST(WireHistoryTest, T36TheEarlierSightWinsAlsoWhenItComesLater) {
  const WireHistory h = history(seen_on(syn(0), 5, 1, 0.2), syn(0));
  ASSERT_EQ(h.packets().size(), 1U);
  EXPECT_EQ(h.packets().front().ttl, 52);
}

TEST(WireHistoryTest, T36LoopbackOutAndInCountsOnce) {
  Packet p = syn(0);
  p.source_mac = {};
  EXPECT_EQ(history(p, p).packets().size(), 1U);
}

TEST(WireHistoryTest, TwoEqualResetsOnOneInterfaceAreTwo) {
  EXPECT_EQ(history(syn(0), reset(60, 1), reset(60.1, 1)).packets().size(), 3U);
}

TEST(WireHistoryTest, TwoResetsWithDifferentTtlsAreTwo) {
  WireHistory h = history(syn(0), reset(60, 1));
  h.add(seen_on(reset(60, 1), 5, 9, 0.1));
  EXPECT_EQ(h.packets().size(), 3U);
}

TEST(WireHistoryTest, PacketRepeatedOnAnotherInterfaceIsTwo) {
  EXPECT_EQ(established(seen_on(data(40, 1, 100), 5, 0, 500)).packets().size(), 4U);
}

TEST(WireHistoryTest, OutgoingDataIsNotKept) {
  EXPECT_EQ(established(out(50, 1, kNext)).packets().size(), 3U);
}

TEST(WireHistoryTest, MemoryIsBoundedAndTheTellingPacketsStay) {
  WireHistory h = established();
  for (int i = 0; i < 500; ++i) {
    h.add(data(100 + i, kNext + static_cast<std::uint32_t>(i), 1));
  }
  h.add(reset(900, kNext + 500));
  for (int i = 0; i < 500; ++i) h.add(reset(901 + i, 1));
  h.add(fin_out(2000, 1001));
  for (int i = 0; i < 500; ++i) h.add(data(3000 + i, 5000, 1, 900));
  EXPECT_EQ(h.packets().size(), WireHistory::kCapacity);
  const WireFacts f = h.facts();
  EXPECT_TRUE(f.complete_from_start);
  EXPECT_EQ(f.fin_out, at(2000));
  EXPECT_EQ(f.last_client_packet, at(3499));
  EXPECT_EQ(f.client_acked, Bytes{899});
  const auto ending =
      std::ranges::count_if(h.packets(), [](const Packet& p) { return p.rst && p.at == at(900); });
  EXPECT_EQ(ending, 1);
}

TEST(WireHistoryTest, TheEndingResetSurvivesAFloodOfStaleOnes) {
  WireHistory h = established();
  for (int i = 0; i < 100; ++i) h.add(reset(100 + i, 1));
  h.add(reset(300));
  for (int i = 0; i < 100; ++i) h.add(reset(400 + i, 1));
  EXPECT_EQ(h.facts().rst_in, at(300));
}

// --- what the client acknowledged ---

TEST(WireHistoryTest, AcknowledgementsCountFromTheServersFirstByte) {
  const WireFacts f = established(fin_in(90, kNext, 1001)).facts();
  EXPECT_EQ(f.client_acked, Bytes{1000});
  EXPECT_EQ(f.last_client_acked, Bytes{1000});
  EXPECT_FALSE(history(data(40, 1, 100)).facts().client_acked) << "without a handshake";
}

TEST(WireHistoryTest, T36AcknowledgementsCountAlsoWhenTheHandshakeComesLater) {
  EXPECT_EQ(history(data(40, 1, 100, 501), syn_ack(0.1), syn(0)).facts().client_acked, Bytes{500});
}

TEST(WireHistoryTest, AcknowledgementsGoOnBeyondFourGibibytes) {
  WireHistory h = established();
  std::uint64_t acked = 1;
  for (int i = 0; i < 60; ++i) {
    acked += 1'000'000'000;
    h.add(data(100 + i, kNext, 1, static_cast<std::uint32_t>(acked)));
  }
  EXPECT_EQ(h.facts().client_acked, Bytes{60'000'000'000});
}

TEST(WireHistoryTest, NumberInAResetIsBelievedOnlyWhenItsHeaderContinuesTheClients) {
  const Packet genuine = with_id(with_timestamps(reset_ack(80, kNext, 1001)), 503);
  EXPECT_EQ(established_linux(genuine).facts().client_acked, Bytes{1000});
  EXPECT_EQ(established_linux(reset_ack(80, kNext, 1001)).facts().client_acked, Bytes{0});
  EXPECT_EQ(established_linux(with_ttl(genuine, 60)).facts().client_acked, Bytes{0});
}

TEST(WireHistoryTest, ResetIsNotTheClientsLatestPacket) {
  EXPECT_EQ(established(reset(80)).facts().last_client_packet, at(40));
}

TEST(WireHistoryTest, NewDataAfterOurFinIsNoted) {
  EXPECT_EQ(established(fin_out(90, 1001), data(130, kNext, 50)).facts().data_in_after_fin_out,
            at(130));
  EXPECT_FALSE(established(fin_out(90, 1001), data(130, 1, 100)).facts().data_in_after_fin_out)
      << "repeated";
  EXPECT_FALSE(established(fin_out(90, 1001), fin_in(130)).facts().data_in_after_fin_out);
  Packet goodbye = data(130, kNext, 24);
  goodbye.farewell = true;
  EXPECT_FALSE(established(fin_out(90, 1001), goodbye).facts().data_in_after_fin_out);
  EXPECT_EQ(established(fin_out(90, 1001), goodbye).facts().closed_after,
            std::chrono::milliseconds(50));
  EXPECT_FALSE(established(goodbye, fin_out(140, 1001)).facts().closed_after) << "it went first";
}

TEST(WireHistoryTest, TheFirstIcmpErrorIsKept) {
  WireHistory h = established();
  h.add(IcmpError{at(200), flow(), {}, 3, 1, kServerIsn + 1});
  h.add(IcmpError{at(100), flow(), {}, 3, 13, kServerIsn + 1});
  ASSERT_TRUE(h.facts().icmp);
  EXPECT_EQ(h.facts().icmp->code, 13);
  h.add(IcmpError{at(150), flow(), {}, 3, 0, kServerIsn + 1});
  EXPECT_EQ(h.facts().last_icmp->code, 1) << "and the last one";
  EXPECT_EQ(h.facts().icmp->code, 13);
}

// --- what a RST did ---

struct EffectCase {
  std::string_view story;
  RstEffect effect;
  WireHistory (*packets)();
  HostFacts host;
};

HostFacts received(std::uint64_t bytes) {
  HostFacts host;
  host.bytes_received = Bytes{bytes};
  return host;
}

HostFacts acked(std::uint64_t bytes) {
  HostFacts host;
  host.bytes_acked = Bytes{bytes};
  return host;
}

HostFacts destroyed(double ms) {
  HostFacts host;
  host.destroyed_at = at(ms);
  return host;
}

const EffectCase kEffects[] = {
    {"Exact", RstEffect::kApplied, [] { return established(reset(80)); }, {}},
    {"Behind", RstEffect::kIgnored, [] { return established(reset(80, 1)); }, {}},
    {"AheadMayBeUncapturedData",
     RstEffect::kUnknown,
     [] { return established(reset(80, kNext + 1460)); },
     {}},
    {"AheadOfContiguousData",
     RstEffect::kChallenged,
     [] { return established(reset(80, kNext + 1460), data(90, kNext, 50)); },
     {}},
    {"AheadAndThisHostLivedOn",
     RstEffect::kChallenged,
     [] { return established(reset(80, kNext + 1460), fin_out(500, 1001)); },
     {}},
    {"ExactButAFirewallOfThisHostAteIt",
     RstEffect::kNotTaken,
     [] { return established(reset(80), fin_out(500, 1001)); },
     {}},
    {"OutsideOfAnyWindow",
     RstEffect::kIgnored,
     [] { return established(reset(80, kNext + 0x50000000)); },
     {}},
    {"ExactByTheCounters", RstEffect::kApplied, [] { return established(reset(80, kNext + 1460)); },
     received(100 + 1460)},
    {"AheadByTheCounters", RstEffect::kChallenged,
     [] { return established(reset(80, kNext + 1460)); }, received(100)},
    {"ConnectionWentOnByTheCounters", RstEffect::kIgnored, [] { return established(reset(80)); },
     received(5000)},
    {"T34OneBeforeTheEndInCloseWait",
     RstEffect::kApplied,
     [] { return established(fin_in(70), reset(80, kNext)); },
     {}},
    {"T34OneBeforeTheEndByTheCounters", RstEffect::kApplied,
     [] { return established(fin_in(70), reset(80, kNext)); }, received(101)},
    {"OneBeforeTheEndWithoutAFin",
     RstEffect::kIgnored,
     [] { return established(reset(80, kNext - 1)); },
     {}},
    {"BothHadClosed",
     RstEffect::kPostClose,
     [] { return established(fin_out(60, 1001), fin_in(70, kNext, 1002), reset(80, 102)); },
     {}},
    {"OurFinWasNeverAcknowledged", RstEffect::kApplied,
     [] { return established(fin_in(70), fin_out(75, 501, 102), reset(80, 102)); }, acked(0)},
    {"OurFinWasAcknowledgedByTheCounters", RstEffect::kPostClose,
     [] { return established(fin_in(70), fin_out(75, 501, 102), reset(80, 102)); }, acked(501)},
    {"AfterOurOwn",
     RstEffect::kPostClose,
     [] {
       Packet later = reset(90);
       return established(later, own_reset(80, true));
     },
     {}},
    {"OneBeforeTheEndByTheCountersWithoutAFin", RstEffect::kIgnored,
     [] { return established(reset(80, kNext - 1)); }, received(100)},
    {"SocketWasGone", RstEffect::kPostClose, [] { return established(reset(80)); }, destroyed(40)},
    {"DestroyEventOfThisVeryEnd", RstEffect::kApplied, [] { return established(reset(80)); },
     destroyed(79)},
    {"NothingElseCaptured", RstEffect::kUnknown, [] { return history(reset(80)); }, {}},
};

class RstEffectTest : public testing::TestWithParam<EffectCase> {};

TEST_P(RstEffectTest, IsTold) {
  const WireHistory h = GetParam().packets();
  const bool ends =
      GetParam().effect == RstEffect::kApplied || GetParam().effect == RstEffect::kUnknown;
  const auto reset = std::ranges::find_if(
      h.packets(), [](const Packet& p) { return p.rst && p.direction == Direction::kIn; });
  const auto index = static_cast<std::size_t>(reset - h.packets().begin());
  EXPECT_EQ(effect_of(h.packets(), index, GetParam().host), GetParam().effect);
  EXPECT_EQ(h.facts(GetParam().host).rst_in.has_value(), ends);
}

constexpr auto kStory = [](const auto& row) { return std::string(row.param.story); };
INSTANTIATE_TEST_SUITE_P(Cases, RstEffectTest, testing::ValuesIn(kEffects), kStory);

// --- T38: the same two ends again ---

Packet another_syn(double ms) {
  Packet p = syn(ms);
  p.seq += 123456;
  return p;
}

TEST(StartsNewConnectionTest, T38AfterAnEnd) {
  EXPECT_TRUE(established(reset(80)).starts_new_connection(another_syn(900)));
  EXPECT_TRUE(established(own_reset(80, true)).starts_new_connection(another_syn(900)));
  EXPECT_TRUE(established(fin_out(60, 1001), fin_in(70, kNext, 1002))
                  .starts_new_connection(another_syn(900)));
}

TEST(StartsNewConnectionTest, T38WhenTheSocketIsGone) {
  EXPECT_TRUE(established().starts_new_connection(another_syn(900), true));
}

TEST(StartsNewConnectionTest, T38WhenTheHandshakeWasGivenUp) {
  EXPECT_TRUE(history(syn(0), syn_ack(0.1)).starts_new_connection(another_syn(90'000)));
  EXPECT_FALSE(history(syn(0), syn_ack(0.1)).starts_new_connection(another_syn(900)));
}

TEST(StartsNewConnectionTest, NotByASynThrownIntoALivingConnection) {
  EXPECT_FALSE(established().starts_new_connection(another_syn(900)));
  EXPECT_FALSE(established(reset(80, 1)).starts_new_connection(another_syn(900)))
      << "after a reset that was ignored";
}

TEST(StartsNewConnectionTest, NotByItsOwnHandshake) {
  EXPECT_FALSE(WireHistory().starts_new_connection(syn(0)));
  EXPECT_FALSE(history(syn(0)).starts_new_connection(syn_ack(0.1)));
  EXPECT_FALSE(history(syn_ack(0.1)).starts_new_connection(syn(0)));
  EXPECT_FALSE(established(reset(80)).starts_new_connection(syn(1000))) << "a late repetition";
  EXPECT_FALSE(established(reset(80)).starts_new_connection(data(1000, kNext, 1)));
}

}  // namespace
}  // namespace connfate::witness

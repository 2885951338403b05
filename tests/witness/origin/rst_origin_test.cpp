// SPDX-License-Identifier: Apache-2.0
// Every rule about the origin of a RST: once where it applies, once where it must not.
#include "witness/origin/rst_origin.hpp"

#include <gtest/gtest.h>

#include <set>

#include "witness/packets.hpp"

namespace connfate::witness {
namespace {

using namespace wire;
using std::chrono::milliseconds;

HostFacts no_facts() {
  return {};
}

template <int kMicroseconds = 40'000>
HostFacts with_min_rtt() {
  HostFacts host;
  host.min_rtt = std::chrono::microseconds(kMicroseconds);
  return host;
}

HostFacts with_one_rtt(int ms) {
  HostFacts host;
  host.min_rtt = std::chrono::milliseconds(ms);
  host.min_rtt_is_one_sample = true;
  return host;
}

HostFacts with_segments_in() {
  HostFacts host;
  host.segments_in = 4;
  return host;
}

Packet with_text(Packet p, std::string text) {
  p.payload = static_cast<std::uint32_t>(text.size());
  p.rst_text = std::move(text);
  return p;
}

struct Case {
  std::string_view rule;
  std::string_view story;
  bool applies;
  WireHistory (*packets)();
  HostFacts (*host)() = no_facts;
};

const Case kCases[] = {
    {"P1", "DataBeyondTheReset", true,
     [] { return established(reset(60), data(1400, kNext, 50)); }},
    {"P1", "FinBeyondTheReset", true,
     [] { return established(reset_ack(60), fin_in(1400, kNext)); }},
    {"P1", "StragglerWithinARoundTrip", false,
     [] { return established(reset(60), data(90, kNext, 50)); }, with_min_rtt<>},
    {"P1", "FinOvertakenByItsOwnReset", false,
     [] { return established(reset(60), fin_in(60.1, kNext)); }, with_min_rtt<28>},
    {"P1", "RepeatedOldData", false, [] { return established(reset(60), data(1400, 1, 100)); }},
    {"P1", "DataFromElsewhere", false,
     [] { return established(reset(60), with_ttl(data(1400, kNext, 50), 61)); }},
    {"P1", "MuchLater", false, [] { return established(reset(60), data(9000, kNext, 50)); }},
    {"P1", "NothingNewBeyondAStaleReset", false,
     [] { return established(reset(60, 1), data(1400, 1, 100)); }},
    {"P1", "NumbersOfAnotherStream", false,
     [] { return established(reset(60), data(1400, kNext + 0x40000000, 50)); }},

    {"P2", "ReplyInNoTime", true, [] { return established(reset(40.1)); }, with_min_rtt<>},
    {"P2", "ReplyAfterARoundTrip", false, [] { return established(reset(81)); }, with_min_rtt<>},
    {"P2", "ReplyAfterHalfARoundTrip", false, [] { return established(reset(60)); },
     with_min_rtt<>},
    {"P2", "AbortIsNoReply", false, [] { return established(reset_ack(40.1)); }, with_min_rtt<>},
    {"P2", "RoundTripUnknown", false, [] { return established(reset(40.1)); }},
    {"P2", "SoonAfterManyMeasurements", true, [] { return established(reset(45)); },
     with_min_rtt<>},
    {"P2", "SoonAfterOneMeasurement", false, [] { return established(reset(45)); },
     [] { return with_one_rtt(40); }},
    {"P2", "InNoTimeAfterOneMeasurementOfALongWay", true, [] { return established(reset(40.1)); },
     [] { return with_one_rtt(40); }},
    {"P2", "OneMeasurementNextDoorMayBeABusyHost", false, [] { return established(reset(40.1)); },
     [] { return with_one_rtt(15); }},
    {"P2", "CauseNotCaptured", false, [] { return established(reset(40.1, 5000)); },
     with_min_rtt<>},

    {"P4", "AdjacentDevice", true, [] { return established(with_ttl(reset(80), 64)); }},
    {"P4", "OneHopAway", false, [] { return established(with_ttl(reset(80), 63)); }},
    {"P4", "ClientAtTheSameDistance", false,
     [] { return history(with_ttl(syn(0), 64), syn_ack(0.1), with_ttl(reset(80, 1), 128)); }},
    {"P4", "OneHopAcrossTwoInitialTtls", false,
     [] { return history(with_ttl(syn(0), 65), syn_ack(0.1), with_ttl(reset(80, 1), 64)); }},
    {"P4", "RandomTtls", false,
     [] { return established(with_ttl(reset(60), 64), with_ttl(reset(60.1), 113)); }},

    {"P5", "TwoHopsNearer", true, [] { return established(with_ttl(reset(80), 54)); }},
    {"P5", "SameTtl", false, [] { return established(reset(80)); }},
    {"P5", "OneHop", false, [] { return established(with_ttl(reset(80), 53)); }},
    {"P5", "NoPacketOfTheClient", false, [] { return history(with_ttl(reset(80), 64)); }},

    {"P6", "AnotherInitialTtl", true, [] { return established(with_ttl(reset(80), 116)); }},
    {"P6", "SameTtl", false, [] { return established(reset(80)); }},
    {"P6", "RandomTtls", false,
     [] { return established(with_ttl(reset(60), 116), with_ttl(reset(60.1), 60)); }},

    {"P7", "OneHopNearer", true, [] { return established(with_ttl(reset(80), 53)); }},
    {"P7", "OneHopFarther", true, [] { return established(with_ttl(reset(80), 51)); }},
    {"P7", "TwoHops", false, [] { return established(with_ttl(reset(80), 54)); }},

    {"P8", "AnotherRouter", true, [] { return established(from_other_router(reset(80))); }},
    {"P8", "AnotherVlan", true,
     [] {
       Packet p = reset(80);
       p.vlan = 7;
       return established(p);
     }},
    {"P8", "AnotherInterface", true,
     [] {
       Packet p = reset(80);
       p.interface = 9;
       return established(p);
     }},
    {"P8", "SameRouter", false, [] { return established(reset(80)); }},
    {"P8", "BothRoutersCarryTheClient", false,
     [] {
       return established(from_other_router(data(60, kNext, 50)),
                          from_other_router(reset(80, 151)));
     }},
    {"P8", "ClientSeenThroughItLater", false,
     [] {
       return established(from_other_router(reset(80)), from_other_router(data(900, kNext, 50)));
     }},
    {"P8", "CopiesOfItsPacketsComeThroughIt", false,
     [] {
       Packet copy = from_other_router(data(40.1, 1, 100));
       copy.interface = 5;
       return established(copy, from_other_router(reset(80)));
     }},

    {"P9", "NumbersThatNobodyReached", true,
     [] { return established(reset(80), reset(80.1, kNext + 1460)); }},
    {"P9", "EqualNumbers", false, [] { return established(reset(80), reset(80.1)); }},
    {"P9", "EqualNumbersAhead", false,
     [] { return established(reset(80, kNext + 1460), reset(80.1, kNext + 1460)); }},
    {"P9", "SlowTrain", false, [] { return established(reset(80), reset(2081, kNext + 1460)); }},
    {"P9", "AfterAFin", false,
     [] { return established(fin_in(70), reset(80, 102), reset(80.1, 102 + 1460)); }},
    {"P9", "CaptureHadGaps", false,
     [] { return established(reset(80), reset(80.1, kNext + 1460)); },
     [] {
       HostFacts host;
       host.packets_lost = 1;
       return host;
     }},
    {"P9", "DataHadComeUncaptured", false,
     [] { return established(reset(80), reset(80.1, kNext + 1460)); },
     [] {
       HostFacts host;
       host.bytes_received = Bytes{100 + 1460};
       return host;
     }},
    {"P10", "IdOfTheSyn", true, [] { return established(with_id(reset_ack(80), 500)); }},
    {"P10", "WindowOfTheSyn", true, [] { return established(with_window(reset_ack(80), 64240)); }},
    {"P10", "AcknowledgesTheSynsOwnNumber", true,
     [] { return established(reset_ack(80, kNext, 0)); }},
    {"P10", "NumberOfTheSyn", true, [] { return history(syn(0), syn_ack(0.1), reset_ack(1, 0)); }},
    {"P10", "WindowOfTheLastPacketWithoutItsTimestamps", true,
     [] { return established_linux(with_window(reset_ack(80), 502)); }},
    {"P10", "WindowOfTheLastPacketOfAClientWithoutTimestamps", false,
     [] { return established(with_window(reset_ack(80), 502)); }},
    {"P10", "IdOfItsOwn", false, [] { return established(with_id(reset_ack(80), 503)); }},
    {"P10", "IdThatTheClientAlwaysUses", false,
     [] {
       return history(with_id(syn(0), 7), syn_ack(0.1), with_id(data(40, 1, 100), 7),
                      with_id(reset_ack(80), 7));
     }},
    {"P10", "WindowThatTheClientNeverScales", false,
     [] {
       return history(syn(0), syn_ack(0.1), with_window(data(40, 1, 100), 64240),
                      with_window(reset_ack(80), 64240));
     }},

    {"P11", "BehindTheData", true, [] { return established(reset(80, 1)); }},
    {"P11", "Exact", false, [] { return established(reset(80)); }},

    {"P11", "OneBeforeTheEndAfterAFin", false,
     [] { return established(fin_in(70), reset(80, kNext)); }},

    {"P12", "CarriesText", true, [] { return established(with_text(reset(80), "flow timeout")); }},
    {"P12", "CarriesNone", false, [] { return established(reset(80)); }},

    {"P13", "AfterAUsualTimer", true, [] { return established(reset(40 + 350'100)); }},
    {"P13", "AfterAnOddTime", false, [] { return established(reset(40 + 330'000)); }},

    {"P14", "SeveralResetsNextToAnotherRule", true,
     [] { return established(with_ttl(reset(80), 60), with_ttl(reset(81), 60)); }},
    {"P14", "NeverAlone", false, [] { return established(reset(80), reset(81)); }},

    {"N1", "TimestampsAndIdGoOn", true,
     [] { return established_linux(with_id(with_timestamps(reset_ack(80)), 503)); }},
    {"N1", "IdCountsTheSegments", true, [] { return established(with_id(reset_ack(80), 503)); },
     with_segments_in},
    {"N1", "IdCountsOneTooMany", false,
     [] { return established_linux(with_id(reset_ack(80), 504)); }, with_segments_in},
    {"N1", "TimestampsStandStillAndTheIdIsMute", false,
     [] {
       Packet copied = with_timestamps(reset_ack(80));
       copied.timestamps = with_timestamps(data(40, 1, 100)).timestamps;
       return history(with_timestamps(with_id(syn(0), 0)), syn_ack(0.1),
                      with_timestamps(with_id(data(40, 1, 100), 0)), copied);
     }},
    {"N1", "TimestampsGoBack", false,
     [] {
       Packet p = with_id(with_timestamps(reset_ack(80)), 503);
       p.timestamps->value -= 100;
       return established_linux(p);
     }},
    {"N1", "TimestampsOfAnotherClock", false,
     [] {
       Packet p = with_id(with_timestamps(reset_ack(80)), 503);
       p.timestamps->value += 100'000;
       return established_linux(p);
     }},
    {"N1", "IdBreaksAlthoughTimestampsGoOn", false,
     [] { return established_linux(with_id(with_timestamps(reset_ack(80)), 40000)); }},
    {"N1", "EchoesAnOlderPacketThanTheClientHadSeen", false,
     [] { return established_linux(with_id(with_timestamps(reset_ack(80), 60000), 503)); }},
    {"N1", "ClockOfKnownRateGoesBack", false,
     [] {
       Packet p = with_id(with_timestamps(reset_ack(510, 151)), 504);
       p.timestamps->value -= 50;
       return established_linux(with_timestamps(data(500, kNext, 50)), p);
     }},
    {"N1", "StatelessFormHasNothingToContinue", false,
     [] { return established(with_id(reset(80), 503)); }, with_segments_in},

    {"N2", "ReplyOfTheClientsKernel", true, [] { return established(reset(81)); }, with_min_rtt<>},
    {"N2", "AnotherTtl", false, [] { return established(with_ttl(reset(81), 53)); },
     with_min_rtt<>},
    {"N2", "TooSoon", false, [] { return established(reset(60)); }, with_min_rtt<>},
};

class OriginRuleTest : public testing::TestWithParam<Case> {};

TEST_P(OriginRuleTest, AppliesOrNot) {
  const Attribution a = attribute_rst(GetParam().packets(), GetParam().host(), nullptr);
  EXPECT_EQ(has_rule(a, GetParam().rule), GetParam().applies) << all_of(a);
}

constexpr auto kName = [](const auto& row) {
  return std::string(row.param.rule) + std::string(row.param.story);
};
INSTANTIATE_TEST_SUITE_P(Cases, OriginRuleTest, testing::ValuesIn(kCases), kName);

/// Where there is little to compare with, a rule applies but names nobody.
class LittleToCompareTest : public testing::TestWithParam<Case> {};

TEST_P(LittleToCompareTest, IsWeak) {
  const Attribution a = attribute_rst(GetParam().packets(), HostFacts{}, nullptr);
  EXPECT_TRUE(has_rule(a, GetParam().rule)) << all_of(a);
  EXPECT_EQ(a.confidence, Confidence::kWeak) << all_of(a);
  EXPECT_EQ(a.rst_from, RstFrom::kUnknown);
}

const Case kLittle[] = {
    {"P8", "OnePacketOfTheClient", true,
     [] { return history(syn(0), syn_ack(0.1), from_other_router(reset(80, 1))); }},
    {"P8", "RoutersMayHaveFailedOver", true,
     [] { return established(from_other_router(reset(9000))); }},
    {"P10", "IdOfTheOnlyPacket", true,
     [] { return history(syn(0), syn_ack(0.1), with_id(reset_ack(80, 1), 500)); }},
    {"P10", "WindowOfTheOnlyPacket", true,
     [] { return history(syn(0), syn_ack(0.1), with_window(reset_ack(80, 1), 64240)); }},
};
INSTANTIATE_TEST_SUITE_P(Cases, LittleToCompareTest, testing::ValuesIn(kLittle), kName);

/// P3 needs many connections: rst_fingerprints_test.cpp.
TEST(OriginRulesTest, EveryRuleHasACaseOnEachSide) {
  for (const AttributionRule& rule : origin_rules()) {
    if (rule.id == "P3") continue;
    for (const bool applies : {true, false}) {
      EXPECT_TRUE(std::ranges::any_of(
          kCases, [&](const Case& row) { return row.rule == rule.id && row.applies == applies; }))
          << rule.id << (applies ? " needs a row where it applies" : " needs one where not");
    }
  }
}

TEST(OriginRulesTest, IdsAreUniqueAndMeaningsAreSentences) {
  std::set<std::string_view> seen;
  for (const AttributionRule& rule : origin_rules()) {
    EXPECT_TRUE(seen.insert(rule.id).second) << rule.id;
    EXPECT_TRUE(std::isupper(rule.meaning.front()) != 0 && rule.meaning.ends_with('.')) << rule.id;
  }
  EXPECT_EQ(seen.size(), 16U);
}

TEST(OriginRulesTest, NoRuleAboutTheHeaderConvictsStronglyAlone) {
  for (const AttributionRule& rule : origin_rules()) {
    const bool about_the_sender = rule.id.starts_with("P");
    EXPECT_TRUE(!about_the_sender || rule.weight <= Confidence::kModerate) << rule.id;
  }
}

}  // namespace
}  // namespace connfate::witness

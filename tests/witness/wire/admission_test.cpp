// SPDX-License-Identifier: Apache-2.0
// A blind sender knows addresses, ports and the hop count, and no number. Whatever he sends, a
// connection's history says the same as without him.
#include "witness/wire/admission.hpp"

#include <gtest/gtest.h>

#include <random>

#include "witness/origin/rst_origin.hpp"
#include "witness/packets.hpp"

namespace connfate::witness {
namespace {

using namespace wire;

/// 100 bytes came, 500 were written, 200 of them acknowledged; last heard at 40 ms.
HostFacts counters() {
  HostFacts host;
  host.bytes_received = Bytes{100};
  host.bytes_acked = Bytes{200};
  host.written = Bytes{500};
  host.last_heard = at(40);
  return host;
}

/// Is the packet believed, next to a handshake and a request?
bool is_admitted(const Packet& packet, const HostFacts& host = counters()) {
  const WireHistory own = established(packet).admitted(host);
  return std::ranges::any_of(own.packets(), [&](const Packet& p) {
    return p.at == packet.at && p.direction == packet.direction && p.seq == packet.seq;
  });
}

Packet acknowledging(Packet p, std::uint32_t offset) {
  p.ack_number = kServerIsn + 1 + offset;
  return p;
}

TEST(AdmissionTest, ABlindSegmentIsNobodys) {
  EXPECT_FALSE(is_admitted(data(3000, 0x50000000, 50)));
  EXPECT_FALSE(is_admitted(acknowledging(data(3000, kNext, 50), 0x50000000))) << "never sent";
  EXPECT_FALSE(is_admitted(acknowledging(data(3000, kNext, 50), 501))) << "not yet sent";
  EXPECT_FALSE(is_admitted(fin_in(3000, 0x90000000)));
  EXPECT_FALSE(is_admitted(fin_in(3000, 50))) << "behind what came: no FIN is";
  EXPECT_FALSE(is_admitted(reset(3000, 0x50000000)));
  Packet without_ack = data(3000, kNext, 50);
  without_ack.ack = false;
  EXPECT_FALSE(is_admitted(without_ack));
}

TEST(AdmissionTest, WhatTheClientSendsIsItsOwn) {
  EXPECT_TRUE(is_admitted(data(3000, kNext, 50)));
  EXPECT_TRUE(is_admitted(acknowledging(data(3000, kNext, 50), 500)));
  EXPECT_TRUE(is_admitted(data(3000, 1, 100))) << "repeated";
  EXPECT_TRUE(is_admitted(data(3000, kNext + 1448, 50))) << "one before it was lost";
  EXPECT_TRUE(is_admitted(fin_in(3000)));
  EXPECT_TRUE(is_admitted(reset(3000)));
  EXPECT_TRUE(is_admitted(reset(3000, 1))) << "stale, and worth telling";
  EXPECT_TRUE(is_admitted(fin_out(3000, 501)));
}

TEST(AdmissionTest, ASynThrownIntoALivingConnectionIsNotItsOwn) {
  Packet another = syn(900);
  another.seq += 123456;
  EXPECT_FALSE(is_admitted(another));
  EXPECT_FALSE(is_admitted(another, {}));
  EXPECT_TRUE(is_admitted(syn(900), {})) << "repeated";
}

TEST(AdmissionTest, TheSynMayCarryData) {
  Packet first = syn(0);
  first.payload = 300;
  Packet answer = syn_ack(0.1);
  answer.ack_number = kClientIsn + 301;
  HostFacts host = counters();
  host.bytes_received = Bytes{300};
  const WireHistory own = history(first, answer, fin_in(90, 301)).admitted(host);
  EXPECT_EQ(own.packets().size(), 3U);
}

TEST(AdmissionTest, WithoutCountersNearIsGoodEnough) {
  EXPECT_TRUE(is_admitted(data(3000, kNext + 3'000'000, 50), {}));
  EXPECT_FALSE(is_admitted(data(3000, kNext + 300'000'000, 50), {}));
  EXPECT_FALSE(is_admitted(fin_in(3000, 0x90000000), {}));
}

/// A client that sets PSH seldom, or a capture with a gap.
TEST(AdmissionTest, ThreeThatAgreeShowThatTheCaptureMissedWhatWasBetween) {
  const WireHistory own = established(data(3000, 300'000'000, 50), data(3001, 300'000'050, 50),
                                      fin_in(3002, 300'000'100))
                              .admitted({});
  EXPECT_EQ(own.packets().size(), 6U);
  EXPECT_EQ(own.facts().fin_in, at(3002));
}

TEST(AdmissionTest, CountersBeyondFourGibibytesAreNoLimit) {
  HostFacts host = counters();
  host.bytes_received = Bytes{std::uint64_t{6} << 30};
  host.written = Bytes{std::uint64_t{6} << 30};
  EXPECT_TRUE(is_admitted(data(30, 1, 100), host));
  EXPECT_TRUE(is_admitted(acknowledging(data(3000, kNext, 50), 0x90000000), host));
}

TEST(AdmissionTest, AnIcmpErrorMustQuoteWhatWasInFlight) {
  const auto quoting = [](double ms, std::optional<std::uint32_t> offset) {
    IcmpError error{at(ms), flow(), {}, 3, 13};
    if (offset) error.quoted_seq = kServerIsn + 1 + *offset;
    WireHistory h = established();
    h.add(error);
    return h.facts(counters()).icmp.has_value();
  };
  EXPECT_TRUE(quoting(900, 200));
  EXPECT_TRUE(quoting(900, 499));
  EXPECT_FALSE(quoting(900, 199)) << "acknowledged long ago";
  EXPECT_TRUE(quoting(30, 0)) << "in flight then";
  EXPECT_FALSE(quoting(900, 501));
  EXPECT_FALSE(quoting(900, 0x70000000));
  EXPECT_FALSE(quoting(900, std::nullopt));
}

TEST(AdmissionTest, AnIcmpErrorNeedsTheHandshakeToCountFrom) {
  WireHistory h = history(data(40, 1, 100));
  h.add(IcmpError{at(900), flow(), {}, 3, 13, kServerIsn + 201});
  EXPECT_FALSE(h.facts(counters()).icmp);
}

// --- a flood ---

struct Blind {
  std::mt19937 random{4711};

  Packet packet(double ms) {
    Packet p = data(ms, 0, 50);
    p.seq = static_cast<std::uint32_t>(random());
    p.ack_number = static_cast<std::uint32_t>(random());
    const auto kind = random() % 4;
    p.rst = kind == 1 || kind == 2;
    p.fin = kind == 3;
    p.ack = kind != 2;
    p.psh = !p.rst;
    if (p.rst) p.payload = 0;
    return p;
  }
};

TEST(AdmissionTest, AFewBlindPacketsChangeNothingAtAll) {
  Blind blind;
  WireHistory h = history(syn(0), syn_ack(0.1));
  for (int i = 0; i < 4; ++i) h.add(blind.packet(10 + i));
  h.add(data(40, 1, 100));
  for (int i = 0; i < 4; ++i) h.add(blind.packet(50 + i));
  h.add(fin_in(90, kNext, 201));
  h.add(fin_out(91, 201, kNext + 1));
  HostFacts host = counters();
  host.bytes_received = Bytes{101};
  const WireHistory own = h.admitted(host);
  EXPECT_EQ(own.packets().size(), 5U);
  EXPECT_EQ(own.strangers(), 8U);
  EXPECT_EQ(h.facts(host).fin_in, at(90));
  EXPECT_FALSE(h.facts(host).rst_in);
}

TEST(AdmissionTest, AFloodLeavesTheConnectionsOwnPacketsAndIsCounted) {
  Blind blind;
  WireHistory h = history(syn(0), syn_ack(0.1), data(40, 1, 100));
  for (int i = 0; i < 3000; ++i) h.add(blind.packet(50 + i * 0.01));
  h.add(fin_in(90, kNext, 201));
  for (int i = 0; i < 3000; ++i) h.add(blind.packet(100 + i * 0.01));
  EXPECT_EQ(h.packets().size(), WireHistory::kCapacity);
  const WireHistory own = h.admitted(counters());
  const WireFacts facts = own.facts(counters());
  EXPECT_TRUE(facts.complete_from_start);
  EXPECT_FALSE(facts.rst_in);
  EXPECT_TRUE(!facts.fin_in || facts.fin_in == at(90)) << "it may be lost, never another";
  EXPECT_GT(own.own_forgotten(), 5000U) << "nobody can tell any more: the capture is partial";
  EXPECT_GT(own.strangers(), 5900U);
}

TEST(AdmissionTest, SomeDozensOfBlindPacketsCostNothing) {
  Blind blind;
  WireHistory h = history(syn(0), syn_ack(0.1), data(40, 1, 100));
  for (int i = 0; i < 60; ++i) h.add(blind.packet(50 + i * 0.1));
  h.add(fin_in(90, kNext, 201));
  HostFacts host = counters();
  host.bytes_received = Bytes{101};
  const WireHistory own = h.admitted(host);
  EXPECT_EQ(own.own_forgotten(), 0U);
  EXPECT_EQ(own.strangers(), 60U);
  EXPECT_EQ(own.facts(host).fin_in, at(90));
}

/// A client that sets PSH seldom: by the packets alone its own were taken for a stranger's.
TEST(AdmissionTest, AnOwnPacketThatWasForgottenForItsNumbersIsMissed) {
  Blind blind;
  WireHistory h = history(syn(0), syn_ack(0.1), data(40, 1, 100), data(45, 90'000'000, 50));
  for (int i = 0; i < 40; ++i) h.add(blind.packet(50 + i * 0.1));
  HostFacts host = counters();
  host.bytes_received = Bytes{90'000'049};
  EXPECT_GE(h.admitted(host).own_forgotten() + h.admitted(host).packets().size(), 4U);
}

TEST(AdmissionTest, ABlindFinOpensNoWayForABlindSyn) {
  Packet another = syn(900);
  another.seq += 123456;
  const WireHistory h = established(fin_in(60, 0x90000000), fin_out(70, 201));
  EXPECT_FALSE(h.starts_new_connection(another));
}

// --- a RST that its socket survived ---

HostFacts alive_at(double ms) {
  HostFacts host = counters();
  host.alive_at = at(ms);
  return host;
}

TEST(AdmissionTest, AResetThatTheSocketSurvivedEndedNothing) {
  const WireHistory h = established(reset(80));
  EXPECT_EQ(h.facts(alive_at(79)).rst_in, at(80));
  EXPECT_EQ(h.facts(alive_at(90)).rst_in, at(80)) << "within what two clocks differ";
  EXPECT_FALSE(h.facts(alive_at(900)).rst_in);
  const Attribution a = attribute_rst(h, alive_at(900), nullptr);
  EXPECT_FALSE(a.rst_from) << all_of(a);
  EXPECT_TRUE(says(a, "it never reached TCP")) << all_of(a);
}

/// W64: the client had everything, and both had closed.
TEST(AdmissionTest, AResetAfterBothFinsTakesNothingAway) {
  const WireHistory h =
      established(fin_in(90, kNext, 500), fin_out(91, 501, kNext + 1), reset(91.1, kNext + 1));
  HostFacts host = counters();
  host.bytes_received = Bytes{101};
  host.bytes_acked = Bytes{500};
  host.written = Bytes{501};
  EXPECT_FALSE(h.facts(host).rst_in);
  host.bytes_acked = Bytes{499};
  EXPECT_TRUE(h.facts(host).rst_in) << "a byte was missing";
}

}  // namespace
}  // namespace connfate::witness

// SPDX-License-Identifier: Apache-2.0
// The line about a connection, with and without packets of somebody who knows its addresses, ports
// and hop count, and nothing else.
#include <gtest/gtest.h>

#include <random>

#include "witness/events.hpp"
#include "witness/tracking/tracker.hpp"

namespace connfate::witness {
namespace {

using namespace events;

Packet fin_at(std::int64_t ms) {
  Packet p = packet(ms, Direction::kIn);
  p.fin = true;
  p.seq = kClientIss + 101;
  p.ack_number = kServerIss + 1;
  p.ip_id = 103;
  return p;
}

Packet reset_at(std::int64_t ms) {
  Packet p = packet(ms, Direction::kIn);
  p.rst = true;
  p.seq = kClientIss + 101;
  p.ack_number = kServerIss + 1;
  p.ip_id = 103;
  return p;
}

Packet own_reset_at(std::int64_t ms) {
  Packet p = packet(ms, Direction::kOut);
  p.rst = true;
  p.ack = false;
  p.seq = kServerIss + 1;
  return p;
}

/// Eight of each kind, in the client's name.
std::vector<Packet> blind_packets(std::int64_t from, std::int64_t to) {
  std::mt19937 random(29);
  std::vector<Packet> packets;
  for (int i = 0; i < 40; ++i) {
    Packet p = packet(from + (to - from) * i / 40, Direction::kIn);
    p.seq = static_cast<std::uint32_t>(random());
    p.ack_number = static_cast<std::uint32_t>(random());
    p.ip_id = static_cast<std::uint16_t>(random());
    p.psh = i % 5 == 0;
    p.payload = p.psh ? 50 : 0;
    p.rst = i % 5 == 1 || i % 5 == 2;
    p.ack = i % 5 != 2;
    p.fin = i % 5 == 3;
    p.syn = i % 5 == 4;
    packets.push_back(p);
  }
  return packets;
}

IcmpError blind_icmp(std::int64_t ms) {
  IcmpError error{at(ms), flow(), {}, 3, 13};
  const std::array<std::uint8_t, 4> anybody{203, 0, 113, 66};
  error.sender = Endpoint::from(anybody, 0);
  error.quoted_seq = 0x7a7a7a7a;
  return error;
}

/// A response of 1000 bytes that `end` ended at `end_ms`.
class BlindPacketsTest : public testing::Test {
 protected:
  FinalLine line(const SocketRecord& end, std::int64_t end_ms, const std::vector<Packet>& packets,
                 bool blind) {
    std::vector<FinalLine> lines;
    Tracker tracker({.capture_runs = true}, [&](const FinalLine& l) { lines.push_back(l); });
    for (const Packet& p : handshake(0)) tracker.on_packet(p, p.at);
    tracker.on_report(report(), at(25));
    if (blind) {
      for (const Packet& p : blind_packets(22, end_ms + 9000)) tracker.on_packet(p, p.at);
      for (const int ms : {300, 900, 5000}) tracker.on_icmp(blind_icmp(ms), at(ms));
    }
    for (const Packet& p : packets) tracker.on_packet(p, p.at);
    tracker.on_socket_end(end, at(end_ms));
    tracker.finish(at(end_ms + 40000));
    return lines.empty() ? FinalLine{} : lines.front();
  }

  /// The same verdict, or weaker where packets were lost.
  void expect_no_difference(const SocketRecord& end, std::int64_t end_ms,
                            const std::vector<Packet>& packets) {
    const FinalLine alone = line(end, end_ms, packets, false);
    const FinalLine beside = line(end, end_ms, packets, true);
    SCOPED_TRACE(to_json(beside));
    EXPECT_EQ(beside.fate, alone.fate);
    EXPECT_EQ(beside.by, alone.by);
    EXPECT_EQ(beside.close, alone.close);
    EXPECT_EQ(beside.rst_from, alone.rst_from);
    EXPECT_EQ(beside.confidence, alone.confidence);
    EXPECT_EQ(beside.evidence_rules, alone.evidence_rules);
    EXPECT_NE(to_json(beside).find("packets with this connection's addresses are left out"),
              std::string::npos);
    EXPECT_EQ(to_json(beside).find("203.0.113.66"), std::string::npos) << "W9";
  }
};

TEST_F(BlindPacketsTest, a_silence_stays_a_silence) {
  expect_no_difference(timed_out(1, 0, 1000), 15300, {});
  EXPECT_EQ(line(timed_out(1, 0, 1000), 15300, {}, true).by, By::kPeer);
}

TEST_F(BlindPacketsTest, the_clients_own_reset_stays_the_clients) {
  SocketRecord end = reset(1, 0, 1000);
  end.snapshot->segs_in = 4;
  expect_no_difference(end, 500, {reset_at(500)});
  EXPECT_EQ(line(end, 500, {reset_at(500)}, true).by, By::kClient);
}

TEST_F(BlindPacketsTest, the_clients_own_fin_stays_the_clients) {
  SocketRecord end = reset(1, 0, 1000);
  end.snapshot->bytes_received = Bytes{101};
  Packet late = reset_at(560);
  late.seq += 1;
  late.ack = false;
  expect_no_difference(end, 600, {fin_at(500), late});
  EXPECT_EQ(line(end, 600, {fin_at(500), late}, true).fate, Fate::kBrokenPipe);
}

TEST_F(BlindPacketsTest, a_proof_against_the_path_stays_one) {
  SocketRecord end = timed_out(1, 0, 1000);
  end.snapshot->last_ack_recv = milliseconds(7300);
  end.snapshot->bytes_received = Bytes{101};
  expect_no_difference(end, 15300, {fin_at(8000)});
  EXPECT_EQ(line(end, 15300, {fin_at(8000)}, true).by, By::kPath);
}

TEST_F(BlindPacketsTest, a_client_that_repeats_what_was_answered_names_the_path) {
  const FinalLine l =
      line(timed_out(1, 0, 1000), 15300,
           {fin_at(19500), own_reset_at(19501), fin_at(19800), own_reset_at(19801), fin_at(20400)},
           false);
  EXPECT_EQ(l.by, By::kPath) << to_json(l);
  EXPECT_EQ(l.evidence_rules, (std::vector<std::string>{"D7", "D3"}));
}

/// W62: the kernel went on repeating for seconds.
TEST_F(BlindPacketsTest, a_reset_that_the_socket_survived_names_nobody) {
  const FinalLine l = line(timed_out(1, 0, 1000), 15300, {reset_at(500)}, false);
  EXPECT_EQ(l.fate, Fate::kAckTimeout) << to_json(l);
  EXPECT_EQ(l.by, By::kPeer);
  EXPECT_FALSE(l.rst_from);
}

}  // namespace
}  // namespace connfate::witness

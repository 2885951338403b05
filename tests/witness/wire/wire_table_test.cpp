// SPDX-License-Identifier: Apache-2.0
#include "witness/wire/wire_table.hpp"

#include <gtest/gtest.h>

#include "witness/events.hpp"

namespace connfate::witness {
namespace {

using namespace events;

void add_handshake(WireTable& table, std::int64_t ms, std::uint32_t shift = 0) {
  for (Packet p : handshake(ms)) {
    p.seq += shift;
    p.ack_number += p.ack ? shift : 0;
    table.add(p);
  }
}

TEST(WireTable, knows_the_packets_of_a_connection) {
  WireTable table(10);
  add_handshake(table, 0);
  EXPECT_EQ(table.view({flow(), 1, at(100)}).history->facts().syn_in, at(0));
  EXPECT_FALSE(table.view({flow(1), 1}).history->facts().syn_in);
}

TEST(WireTable, keeps_the_connection_before_when_its_ends_are_used_again) {
  WireTable table(10);
  add_handshake(table, 0);
  Packet fin = packet(50, Direction::kIn);
  fin.fin = true;
  fin.seq = kClientIss + 101;
  fin.ack_number = kServerIss + 1;
  table.add(fin);
  table.mark_gone({flow(), 1, at(60)});
  add_handshake(table, 2000, 90000);
  EXPECT_EQ(table.view({flow(), 1, at(100)}).history->facts().syn_in, at(0));
  EXPECT_EQ(table.view({flow(), 2, at(2100)}).history->facts().syn_in, at(2000));
  table.forget(flow(), 1);
  EXPECT_EQ(table.view({flow(), 2, at(2100)}).history->facts().syn_in, at(2000));
}

TEST(WireTable, the_packets_of_one_socket_are_never_those_of_another) {
  WireTable table(10);
  add_handshake(table, 0);
  EXPECT_TRUE(table.view({flow(), 1, at(100)}).history->facts().syn_in);
  EXPECT_FALSE(table.view({flow(), 2, at(200)}).history->facts().syn_in);
  EXPECT_EQ(table.other_owner({flow(), 2, at(200)}), 1U);
  table.hand_over({flow(), 1}, 2);
  EXPECT_TRUE(table.view({flow(), 2, at(200)}).history->facts().syn_in);
}

TEST(WireTable, an_older_socket_that_asks_last_has_the_older_packets) {
  WireTable table(10);
  add_handshake(table, 0);
  Packet rst = packet(50, Direction::kIn);
  rst.rst = true;
  rst.seq = kClientIss + 101;
  table.add(rst);
  add_handshake(table, 100, 90000);
  EXPECT_EQ(table.view({flow(), 1, at(40)}).history->facts().syn_in, at(0));
  EXPECT_EQ(table.view({flow(), 2, at(120)}).history->facts().syn_in, at(100));
}

TEST(WireTable, counts_what_was_lost_during_the_connection_only) {
  WireTable table(10);
  table.add_loss(5);
  add_handshake(table, 0);
  EXPECT_EQ(table.view({flow(), 1, at(100)}).lost, 0U);
  table.add_loss(2);
  EXPECT_EQ(table.view({flow(), 1, at(100)}).lost, 2U);
}

void add_syn(WireTable& table, std::uint16_t port, std::int64_t ms) {
  Packet syn = handshake(ms).front();
  syn.flow = flow(port);
  table.add(syn);
}

void add_established(WireTable& table, std::uint16_t port, std::int64_t ms) {
  for (Packet p : handshake(ms)) {
    p.flow = flow(port);
    table.add(p);
  }
}

TEST(WireTable, forgets_the_one_silent_for_longest_when_full) {
  WireTable table(2);
  add_established(table, 1, 1);
  add_established(table, 2, 2);
  Packet again = packet(100, Direction::kIn);
  again.flow = flow(1);
  again.psh = true;
  table.add(again);
  add_established(table, 3, 200);
  EXPECT_EQ(table.size(), 2U);
  EXPECT_TRUE(table.view({flow(1), 1}).history->facts().syn_in);
  EXPECT_FALSE(table.view({flow(2), 2}).history->facts().syn_in);
}

TEST(WireTable, what_is_forgotten_counts_as_lost_unless_its_socket_is_gone) {
  WireTable table(2);
  for (std::uint16_t port = 1; port <= 2; ++port) add_established(table, port, port);
  table.mark_gone({flow(1), 1});
  add_established(table, 3, 100);
  EXPECT_EQ(table.take_forgotten(), 0U);
  add_established(table, 4, 200);
  EXPECT_EQ(table.take_forgotten(), 3U);
  EXPECT_EQ(table.take_forgotten(), 0U) << "it was told";
  EXPECT_GE(table.view({flow(2), 2, at(300)}).lost, 3U) << "what is left of it began in the middle";
  EXPECT_EQ(table.view({flow(4), 4, at(300)}).lost, 0U);
}

/// W10: SYNs in anybody's name.
TEST(WireTable, a_flood_of_syns_takes_no_established_connection_away) {
  WireTable table(100);
  add_established(table, 1, 0);
  for (int i = 0; i < 5000; ++i) add_syn(table, static_cast<std::uint16_t>(1000 + i), 100 + i);
  const WireView view = table.view({flow(1), 1, at(9000)});
  EXPECT_TRUE(view.history->facts().complete_from_start);
  EXPECT_EQ(view.lost, 0U);
  EXPECT_EQ(table.take_forgotten(), 0U) << "nobody has lost anything";
  EXPECT_LE(table.size(), 150U);
}

/// Once the socket is gone, anybody's SYN opens another connection between the two ends, which its
/// next packet ends. The client's own late packets still are the old one's.
TEST(WireTable, syns_after_the_end_drive_out_no_connection_that_has_been) {
  WireTable table(10);
  add_handshake(table, 0);
  EXPECT_EQ(table.view({flow(), 1, at(30)}).lost, 0U);  // claimed
  table.mark_gone({flow(), 1, at(60)});
  for (std::uint32_t i = 1; i <= 3; ++i) {
    const std::int64_t ms = 100 * i;
    Packet syn = handshake(ms).front();
    syn.seq += i * 500'000'000;
    table.add(syn);
    Packet answer = handshake(ms)[1];
    answer.seq += i * 700'000'000;
    answer.ack_number = syn.seq + 1;
    table.add(answer);
    Packet own_reset = packet(ms + 50, Direction::kOut);
    own_reset.rst = true;
    own_reset.seq = i * 900'000'000;
    table.add(own_reset);
  }
  Packet fin = packet(900, Direction::kIn);
  fin.fin = true;
  fin.seq = kClientIss + 101;
  fin.ack_number = kServerIss + 1;
  table.add(fin);
  const WireFacts facts = table.view({flow(), 1, at(30)}).history->facts();
  EXPECT_EQ(facts.syn_in, at(0));
  EXPECT_EQ(facts.fin_in, at(900));
  EXPECT_FALSE(facts.rst_out);
}

TEST(WireTable, a_socket_without_packets_is_a_connection_all_the_same) {
  WireTable table(100);
  table.view({flow(1), 1, at(0)});
  for (int i = 0; i < 200; ++i) add_syn(table, static_cast<std::uint16_t>(1000 + i), 100 + i);
  EXPECT_EQ(table.view({flow(2), 2, at(900)}).lost, 0U);
  add_established(table, 1, 950);
  EXPECT_TRUE(table.view({flow(1), 1, at(0)}).history->facts().syn_in);
}

}  // namespace
}  // namespace connfate::witness

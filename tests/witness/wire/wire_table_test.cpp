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

TEST(WireTable, forgets_the_one_silent_for_longest_when_full) {
  WireTable table(2);
  for (const std::uint16_t port : {std::uint16_t{1}, std::uint16_t{2}}) {
    Packet syn = handshake(port).front();
    syn.flow = flow(port);
    table.add(syn);
  }
  Packet again = packet(10, Direction::kIn);
  again.flow = flow(1);
  again.psh = true;
  table.add(again);
  Packet third = handshake(20).front();
  third.flow = flow(3);
  table.add(third);
  EXPECT_EQ(table.size(), 2U);
  EXPECT_TRUE(table.view({flow(1), 1}).history->facts().syn_in);
  EXPECT_FALSE(table.view({flow(2), 2}).history->facts().syn_in);
}

}  // namespace
}  // namespace connfate::witness

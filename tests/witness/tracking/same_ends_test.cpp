// SPDX-License-Identifier: Apache-2.0
// Two sockets between the same two ends: a port that is used again, and MPTCP, where the socket of
// the report and the one that the kernel destroys have different cookies.
#include <gtest/gtest.h>

#include <algorithm>

#include "witness/events.hpp"
#include "witness/tracking/tracker.hpp"

namespace connfate::witness {
namespace {

using namespace events;

class SameEndsTest : public testing::Test {
 protected:
  void connect(std::int64_t ms, std::uint32_t shift = 0) {
    for (Packet p : handshake(ms)) {
      p.seq += shift;
      if (p.ack) p.ack_number += shift;
      tracker_.on_packet(p, p.at);
    }
  }
  void rst_from_client(std::int64_t ms) {
    Packet rst = packet(ms, Direction::kIn);
    rst.rst = true;
    rst.seq = kClientIss + 101;
    rst.ack_number = kServerIss + 1;
    rst.ip_id = 103;
    tracker_.on_packet(rst, rst.at);
  }
  void finish(std::int64_t ms) {
    for (const Lookup& lookup : tracker_.on_tick(at(ms))) {
      tracker_.on_lookup(lookup, nullptr, at(ms));
    }
  }
  const FinalLine& line_of(std::uint64_t cookie) const {
    const auto found = std::ranges::find(lines_, cookie, &FinalLine::cookie);
    if (found == lines_.end()) throw std::runtime_error("no line");
    return *found;
  }

  std::vector<FinalLine> lines_;
  Tracker tracker_{{.log_all = true, .capture_runs = true},
                   [this](const FinalLine& line) { lines_.push_back(line); }};
};

/// The report of the second connection overtakes its packets.
TEST_F(SameEndsTest, a_port_that_is_used_again_within_a_millisecond) {
  connect(-100);
  rst_from_client(30);
  tracker_.on_report(report({.cookie = 1, .fate = Fate::kRstReceived}), at(30));
  tracker_.on_socket_end(reset(1, 0, 1000), at(30));
  tracker_.on_report(report({.cookie = 2, .acked = 1000, .fate = Fate::kDelivered}), at(32));
  connect(31, 90000);
  finish(4000);
  EXPECT_EQ(line_of(1).fate, Fate::kRstReceived);
  EXPECT_TRUE(line_of(1).rst_from);
  EXPECT_EQ(line_of(2).fate, Fate::kDelivered);
  EXPECT_FALSE(line_of(2).rst_from);
}

/// And so does everything that is known of the first one.
TEST_F(SameEndsTest, packets_that_come_last_of_all) {
  tracker_.on_report(report({.cookie = 1, .fate = Fate::kRstReceived}), at(30));
  connect(28);
  rst_from_client(30);
  connect(31, 90000);
  tracker_.on_socket_end(reset(1, 0, 1000), at(32));
  tracker_.on_report(report({.cookie = 2, .acked = 1000, .fate = Fate::kDelivered}), at(33));
  finish(4000);
  EXPECT_TRUE(line_of(1).rst_from);
  EXPECT_FALSE(line_of(2).rst_from);
}

/// The report of the first connection comes after the SYN of the second.
TEST_F(SameEndsTest, reports_that_come_last_of_all) {
  connect(-100);
  rst_from_client(30);
  connect(31, 90000);
  Report first = report({.cookie = 1, .fate = Fate::kRstReceived});
  first.observation.evidence.snapshot->state = TcpState::kClose;
  tracker_.on_report(first, at(32));
  tracker_.on_report(report({.cookie = 2, .acked = 1000, .fate = Fate::kDelivered}), at(33));
  tracker_.on_socket_end(reset(1, 0, 1000), at(34));
  finish(4000);
  EXPECT_TRUE(line_of(1).rst_from);
  EXPECT_FALSE(line_of(2).rst_from);
}

/// The server still holds the first socket, and logs its response last.
TEST_F(SameEndsTest, a_dead_socket_that_is_held_while_its_port_is_used_again) {
  connect(-100);
  rst_from_client(30);
  connect(60, 90000);
  tracker_.on_report(report({.cookie = 2, .acked = 1000, .fate = Fate::kDelivered}), at(90));
  Report late = report({.cookie = 1, .fate = Fate::kRstReceived});
  late.observation.evidence.snapshot->last_data_recv = milliseconds(280);
  late.observation.evidence.snapshot->last_ack_recv = milliseconds(280);
  tracker_.on_report(late, at(200));
  SocketRecord end = reset(1, 0, 1000);
  end.snapshot->last_data_recv = end.snapshot->last_ack_recv = milliseconds(290);
  tracker_.on_socket_end(end, at(210));
  finish(4000);
  EXPECT_TRUE(line_of(1).rst_from);
  EXPECT_FALSE(line_of(2).rst_from);
}

TEST_F(SameEndsTest, the_subflow_of_a_reported_connection_is_not_one_without_request) {
  connect(-100);
  tracker_.on_report(report({.cookie = 1, .acked = 1000, .fate = Fate::kDelivered}), at(0));
  rst_from_client(30);
  tracker_.on_socket_end(reset(2, 1000, 1000), at(31));
  finish(10000);
  EXPECT_EQ(lines_.size(), 1U);
  EXPECT_EQ(line_of(1).fate, Fate::kDelivered);
}

TEST_F(SameEndsTest, nor_is_it_after_look_ups_in_vain) {
  connect(-100);
  tracker_.on_report(report({.cookie = 1}), at(0));
  finish(2000);
  finish(10000);
  EXPECT_EQ(line_of(1).reason, "no_such_socket");
  rst_from_client(10500);
  tracker_.on_socket_end(reset(2, 1000, 1000), at(10501));
  finish(26000);
  EXPECT_EQ(lines_.size(), 1U);
}

}  // namespace
}  // namespace connfate::witness

// SPDX-License-Identifier: Apache-2.0
// Lines about what this host did itself: from the report and the destroy event to the words.
#include <gtest/gtest.h>

#include <algorithm>

#include "witness/events.hpp"
#include "witness/tracking/tracker.hpp"

namespace connfate::witness {
namespace {

using namespace events;

/// The destroy message of a socket whose last 600 bytes this host had refused three times.
SocketRecord refused(std::uint64_t cookie) {
  SocketRecord r = reset(cookie, 400, 1000);
  r.snapshot->snd_wnd = Bytes{65536};
  r.snapshot->notsent = r.unacked;
  r.snapshot->bytes_sent = Bytes{400 + 3 * 600};
  r.snapshot->last_ack_recv = r.snapshot->last_data_recv = milliseconds(4000);
  return r;
}

class OwnHostLineTest : public testing::Test {
 protected:
  OwnHostLineTest()
      : tracker_({.capture_runs = true},
                 [this](FinalLine line) { lines_.push_back(std::move(line)); }) {}

  void capture(const std::vector<Packet>& packets) {
    for (const Packet& p : packets) tracker_.on_packet(p, p.at);
  }
  FinalLine line_of(Fate first, const SocketRecord& end) {
    capture(handshake(0));
    tracker_.on_report(report({.fate = first}), at(100));
    tracker_.on_socket_end(end, at(5000));
    for (int ms = 6000; ms < 40'000 && lines_.empty(); ms += 1000) tracker_.on_tick(at(ms));
    return lines_.empty() ? FinalLine{} : lines_.front();
  }
  static bool says(const FinalLine& line, std::string_view words) {
    return std::ranges::any_of(line.evidence, [words](const std::string& statement) {
      return statement.find(words) != std::string::npos;
    });
  }

  std::vector<FinalLine> lines_;
  Tracker tracker_;
};

TEST_F(OwnHostLineTest, names_this_host_the_bytes_and_what_to_look_with) {
  const FinalLine line = line_of(Fate::kPending, refused(1));
  EXPECT_EQ(line.fate, Fate::kBlockedHere);
  EXPECT_EQ(line.by, By::kServer);
  EXPECT_EQ(line.confidence, Confidence::kProven);
  EXPECT_EQ(line.refused, Bytes{1800});
  EXPECT_TRUE(says(line, "refused to send 1800 bytes") && says(line, "nft list ruleset"));
  EXPECT_NE(to_json(line).find("\"refused\":1800"), std::string::npos);
}

TEST_F(OwnHostLineTest, a_client_that_left_meanwhile_is_not_the_cause) {
  const FinalLine line = line_of(Fate::kClientAbort, refused(1));
  EXPECT_EQ(line.fate, Fate::kBlockedHere);
  EXPECT_EQ(line.first, Fate::kClientAbort);
}

TEST_F(OwnHostLineTest, what_the_log_line_proved_no_packet_undoes) {
  Packet rst = packet(3000, Direction::kIn);
  rst.rst = true;
  rst.ack = false;
  rst.seq = kClientIss + 101;
  rst.ttl = 64;
  capture({rst});
  const FinalLine line = line_of(Fate::kBlockedHere, reset(1, 400, 1000));
  EXPECT_EQ(line.fate, Fate::kBlockedHere);
  EXPECT_EQ(line.by, By::kServer);
  EXPECT_EQ(line.rst_from, std::nullopt);
  EXPECT_EQ(line.confidence, Confidence::kProven);
}

TEST_F(OwnHostLineTest, what_healed_is_told_and_accuses_nobody) {
  SocketRecord end = timed_out(1, 400, 1000);
  end.snapshot->bytes_sent = Bytes{1000 + 5000};
  const FinalLine line = line_of(Fate::kPending, end);
  EXPECT_EQ(line.fate, Fate::kAckTimeout);
  EXPECT_EQ(line.by, By::kPeer);
  EXPECT_EQ(line.refused, Bytes{5000});
  EXPECT_TRUE(says(line, "does not account for what is missing"));
}

TEST_F(OwnHostLineTest, nothing_is_told_of_a_host_that_refused_nothing) {
  const FinalLine line = line_of(Fate::kPending, timed_out(1, 400, 1000));
  EXPECT_EQ(line.fate, Fate::kAckTimeout);
  EXPECT_EQ(line.refused, std::nullopt);
  EXPECT_FALSE(says(line, "this host refused"));
}

}  // namespace
}  // namespace connfate::witness

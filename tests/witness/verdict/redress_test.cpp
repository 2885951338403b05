// SPDX-License-Identifier: Apache-2.0
// A client that left what the path had lost, and the parties that the contract allows each fate.
#include <gtest/gtest.h>

#include <set>

#include "witness/events.hpp"
#include "witness/tracking/tracker.hpp"
#include "witness/verdict/final_verdict.hpp"

namespace connfate::witness {
namespace {

using namespace events;

const Attribution kInVain{.path_proven_alive = true};

/// A response of 1000 bytes, 400 of them acknowledged, that the client left with a FIN at 800 ms.
class RedressTest : public testing::Test {
 protected:
  RedressTest() {
    evidence_.subject.first = Fate::kClientAbort;
    evidence_.subject.first_by = By::kClient;
    evidence_.subject.first_close = Close::kFin;
    evidence_.subject.end = Bytes{1000};
    evidence_.destroyed_at = at(1000);
    evidence_.capture_runs = evidence_.capture_complete = true;
    evidence_.wire.fin_in = at(800);
    use(timed_out(1, 400, 1000));
  }
  void use(const SocketRecord& record) {
    record_ = record;
    evidence_.socket = &record_;
  }
  FinalVerdict redressed(const Attribution& attribution = kInVain) {
    return redress(judge(evidence_), evidence_, attribution);
  }
  void expect_path(Fate fate, Close close, std::string_view rule) {
    const FinalVerdict verdict = redressed();
    EXPECT_EQ(verdict.fate, fate);
    EXPECT_EQ(verdict.close, close);
    EXPECT_EQ(verdict.rule->id, rule);
    EXPECT_EQ(attributed_by(verdict.fate, verdict.by, kInVain), By::kPath);
  }

  FinalEvidence evidence_;
  SocketRecord record_;
};

TEST_F(RedressTest, an_abort_of_what_the_path_had_lost_is_the_kernels_timeout) {
  expect_path(Fate::kAckTimeout, Close::kTimeout, "final-silence-after-client-left");
}

TEST_F(RedressTest, where_the_path_recovered_the_kernel_had_not_given_up) {
  evidence_.subject.first = Fate::kPending;
  use(reset(1, 400, 1000));
  record_.snapshot->retransmits = 3;
  evidence_.wire.rst_in = at(900);
  evidence_.wire.rst_effect = RstEffect::kApplied;
  ASSERT_EQ(judge(evidence_).fate, Fate::kBrokenPipe);
  expect_path(Fate::kAckStalled, Close::kRst, "final-client-left-in-vain");
}

TEST_F(RedressTest, this_hosts_rst_behind_the_clients_fin_is_no_timeout) {
  evidence_.wire.rst_out = at(850);
  EXPECT_EQ(redressed().rule->id, "final-client-left-in-vain");
}

TEST_F(RedressTest, while_the_connection_lives_nobody_has_given_up) {
  evidence_.standing = Standing::kLive;
  evidence_.destroyed_at.reset();
  EXPECT_EQ(redressed().rule->id, "final-client-left-in-vain");
}

TEST_F(RedressTest, a_client_that_left_without_having_waited_is_the_one_that_left) {
  const FinalVerdict verdict = redressed({});
  EXPECT_EQ(verdict.fate, Fate::kClientAbort);
  EXPECT_EQ(attributed_by(verdict.fate, verdict.by, {}), By::kClient);
}

TEST_F(RedressTest, other_verdicts_stay) {
  for (const Fate fate : {Fate::kServerAbort, Fate::kClientStalled, Fate::kStreamReset}) {
    evidence_.subject.first = fate;
    EXPECT_EQ(redressed().fate, fate);
  }
}

/// From the report of an abort to the line: the client had waited for seconds, and left with a FIN.
/// The data was repeated until 10.6 s.
FinalLine line_of_a_fin_at(std::int64_t ms) {
  std::vector<FinalLine> lines;
  Tracker tracker({.capture_runs = true}, [&](const FinalLine& line) { lines.push_back(line); });
  for (const Packet& p : handshake(0)) tracker.on_packet(p, p.at);
  Packet fin = packet(ms, Direction::kIn);
  fin.fin = true;
  fin.seq = kClientIss + 101;
  fin.ack_number = kServerIss + 1;
  tracker.on_packet(fin, fin.at);
  tracker.on_report(report({.fate = Fate::kClientAbort}), at(ms + 10));
  SocketRecord end = timed_out(1, 0, 1000);
  end.snapshot->last_ack_recv = milliseconds(17000 - ms);
  end.snapshot->bytes_received = Bytes{101};
  tracker.on_socket_end(end, at(17000));
  tracker.finish(at(40000));
  return lines.at(0);
}

TEST(RedressedLine, keeps_the_logged_fate_and_names_the_path) {
  const FinalLine line = line_of_a_fin_at(8000);
  EXPECT_EQ(line.first, Fate::kClientAbort);
  EXPECT_EQ(line.fate, Fate::kAckTimeout);
  EXPECT_EQ(line.by, By::kPath);
  EXPECT_EQ(line.rule, "final-silence-after-client-left");
  EXPECT_EQ(line.confidence, Confidence::kStrong);
  EXPECT_EQ(line.evidence_rules, std::vector<std::string>{"D2"});
}

TEST(RedressedLine, names_nobody_where_nothing_was_sent_after_the_fin) {
  const FinalLine line = line_of_a_fin_at(12000);
  EXPECT_EQ(line.fate, Fate::kAckTimeout);
  EXPECT_EQ(line.by, By::kPeer);
  EXPECT_EQ(line.confidence, Confidence::kWeak);
  EXPECT_EQ(line.evidence_rules, std::vector<std::string>{"D3"});
}

/// docs/fates.md, "By" of each fate; a final line adds what evidence allows.
std::set<By> parties(Fate fate) {
  if (fate == Fate::kRstReceived) return {By::kPeer, By::kClient, By::kPath};
  const bool silent =
      fate == Fate::kAckTimeout || fate == Fate::kAckStalled || fate == Fate::kUnreachable;
  return silent ? std::set{By::kPeer, By::kPath} : std::set{usual_by(fate)};
}

TEST(AttributedBy, keeps_to_the_parties_of_the_contract) {
  for (int i = 0; i <= static_cast<int>(Fate::kUnknown); ++i) {
    const auto fate = static_cast<Fate>(i);
    for (int bits = 0; bits < 80; ++bits) {
      Attribution a{.path_proven_alive = (bits & 1) != 0,
                    .waited_in_vain = (bits & 8) != 0,
                    .refused_on_path = (bits & 2) != 0,
                    .client_went_on = (bits & 4) != 0};
      if (bits >= 16) a.rst_from = static_cast<RstFrom>(bits / 16 - 1);
      EXPECT_TRUE(parties(fate).contains(attributed_by(fate, usual_by(fate), a)))
          << to_token(fate) << " " << bits;
    }
  }
}

TEST(AttributedBy, a_client_that_went_on_was_not_the_end) {
  const Attribution lived{.rst_from = RstFrom::kUnknown, .client_went_on = true};
  EXPECT_EQ(attributed_by(Fate::kRstReceived, By::kPeer, lived), By::kPath);
  EXPECT_EQ(attributed_by(Fate::kBrokenPipe, By::kClient, lived), By::kClient);
}

TEST(AttributedBy, a_client_that_waited_in_vain_is_not_blamed_for_leaving) {
  const Attribution a{.rst_from = RstFrom::kClient, .waited_in_vain = true};
  EXPECT_EQ(attributed_by(Fate::kRstReceived, By::kPeer, a), By::kPeer);
}

TEST(AttributedBy, a_refusal_on_the_path_names_it_where_it_ended_something) {
  const Attribution refused{.refused_on_path = true};
  EXPECT_EQ(attributed_by(Fate::kUnreachable, By::kPeer, refused), By::kPath);
  EXPECT_EQ(attributed_by(Fate::kAckTimeout, By::kPeer, refused), By::kPath);
  EXPECT_EQ(attributed_by(Fate::kAckStalled, By::kPeer, refused), By::kPath);
  EXPECT_EQ(attributed_by(Fate::kBrokenPipe, By::kClient, refused), By::kClient);
  EXPECT_EQ(attributed_by(Fate::kUnreachable, By::kPeer, {}), By::kPeer);
}

}  // namespace
}  // namespace connfate::witness

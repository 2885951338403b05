// SPDX-License-Identifier: Apache-2.0
// What the final verdict says where this host itself is to blame, and where it keeps out of it.
#include <gtest/gtest.h>

#include "witness/events.hpp"
#include "witness/verdict/connection_verdict.hpp"
#include "witness/verdict/final_verdict.hpp"

namespace connfate::witness {
namespace {

using namespace events;

/// A response of 1000 bytes of which 400 are acknowledged, on a socket that is gone.
class OwnVerdictTest : public testing::Test {
 protected:
  OwnVerdictTest() : record_(timed_out(1, 400, 1000)) {
    evidence_.subject.first = Fate::kPending;
    evidence_.subject.start = Bytes{0};
    evidence_.subject.end = Bytes{1000};
    evidence_.destroyed_at = at(1000);
    evidence_.capture_complete = true;
    evidence_.socket = &record_;
  }
  FinalVerdict verdict_after(Fate first) {
    evidence_.subject.first = first;
    evidence_.subject.first_by = usual_by(first);
    return judge(evidence_);
  }

  FinalEvidence evidence_;
  SocketRecord record_;
};

TEST_F(OwnVerdictTest, whoever_gave_up_the_cause_is_here) {
  evidence_.own.kept_output = true;
  for (const Fate first : {Fate::kPending, Fate::kClientAbort, Fate::kBrokenPipe,
                           Fate::kRstReceived, Fate::kAckTimeout, Fate::kUnreachable,
                           Fate::kAckStalled, Fate::kStreamReset, Fate::kUnknown}) {
    const FinalVerdict verdict = verdict_after(first);
    EXPECT_EQ(verdict.rule->id, "final-blocked-here") << to_token(first);
    EXPECT_EQ(verdict.by, By::kServer) << to_token(first);
    EXPECT_TRUE(names_this_host(verdict));
  }
}

TEST_F(OwnVerdictTest, what_the_server_or_a_closed_window_had_ended_stays) {
  evidence_.own.kept_output = true;
  for (const Fate first :
       {Fate::kServerAbort, Fate::kServerTimeout, Fate::kClientStalled, Fate::kRequestTimeout}) {
    EXPECT_EQ(verdict_after(first).fate, first);
  }
}

TEST_F(OwnVerdictTest, its_input_and_its_own_resets_count_the_same) {
  evidence_.own.kept_input = true;
  EXPECT_EQ(judge(evidence_).rule->id, "final-blocked-here");
  evidence_.own = {};
  evidence_.own.reset_itself = true;
  EXPECT_EQ(judge(evidence_).rule->id, "final-blocked-here");
}

TEST_F(OwnVerdictTest, a_silent_link_is_unreachable_by_this_host) {
  evidence_.own.link_silent = true;
  const FinalVerdict verdict = judge(evidence_);
  EXPECT_EQ(verdict.rule->id, "final-next-hop-silent");
  EXPECT_EQ(verdict.fate, Fate::kUnreachable);
  EXPECT_EQ(verdict.by, By::kServer);
}

TEST_F(OwnVerdictTest, what_arrived_arrived) {
  evidence_.own.kept_output = true;
  record_ = reset(1, 1000, 1000);
  EXPECT_EQ(judge(evidence_).fate, Fate::kDelivered);
}

TEST_F(OwnVerdictTest, while_it_lives_nobody_has_given_up) {
  evidence_.own.kept_output = true;
  record_ = live(1, 400, 1000);
  evidence_.standing = Standing::kLive;
  EXPECT_EQ(judge(evidence_).fate, Fate::kPending);
}

TEST_F(OwnVerdictTest, a_handshake_that_never_left_is_blocked_here_too) {
  evidence_.subject.first.reset();
  evidence_.own.kept_output = true;
  const ConnectionVerdict verdict = judge_connection(evidence_);
  EXPECT_EQ(verdict.rule->id, "conn-blocked-here");
  EXPECT_EQ(verdict.by, By::kServer);
}

}  // namespace
}  // namespace connfate::witness

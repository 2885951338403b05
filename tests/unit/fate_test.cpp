// SPDX-License-Identifier: Apache-2.0
// The tokens are the public contract: these lists are spelled out, never derived.
#include "connfate/fate.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace connfate {
namespace {

struct FateRow {
  Fate fate;
  std::string_view token;
  By by;
};

constexpr FateRow kFates[] = {
    {Fate::kDelivered, "delivered", By::kNobody},
    {Fate::kPending, "pending", By::kNobody},
    {Fate::kClientAbort, "client_abort", By::kClient},
    {Fate::kBrokenPipe, "broken_pipe", By::kClient},
    {Fate::kRstReceived, "rst_received", By::kPeer},
    {Fate::kAckTimeout, "ack_timeout", By::kPeer},
    {Fate::kUnreachable, "unreachable", By::kPeer},
    {Fate::kClientStalled, "client_stalled", By::kClient},
    {Fate::kAckStalled, "ack_stalled", By::kPeer},
    {Fate::kBlockedHere, "blocked_here", By::kServer},
    {Fate::kServerTimeout, "server_timeout", By::kServer},
    {Fate::kServerAbort, "server_abort", By::kServer},
    {Fate::kStreamReset, "stream_reset", By::kClient},
    {Fate::kRequestTimeout, "request_timeout", By::kPeer},
    {Fate::kNoRequest, "no_request", By::kNobody},
    {Fate::kUnknown, "unknown", By::kUnknown},
};
static_assert(std::size(kFates) == kFateCount);

TEST(FateTest, TokensAndUsualByAreTheContract) {
  std::set<std::string> seen;
  for (const FateRow& row : kFates) {
    EXPECT_EQ(to_token(row.fate), row.token);
    EXPECT_EQ(usual_by(row.fate), row.by) << row.token;
    EXPECT_TRUE(seen.emplace(row.token).second) << row.token << " is used twice";
  }
}

/// The contract's words, fate by fate: what is no trouble, and what the client ended itself.
TEST(FateTest, TroubleIsEverythingButWhatIsNobodysLossOrTheClientsOwnEnd) {
  const std::set<std::string_view> no_harm{"delivered", "pending", "no_request"};
  const std::set<std::string_view> left{"client_abort", "broken_pipe", "stream_reset"};
  for (const FateRow& row : kFates) {
    for (const By by :
         {By::kNobody, By::kClient, By::kPath, By::kPeer, By::kServer, By::kUnknown}) {
      const bool own_reset = row.token == "rst_received" && by == By::kClient;
      const bool by_client = left.contains(row.token) || own_reset;
      EXPECT_EQ(client_left(row.fate, by), by_client) << row.token << to_token(by);
      EXPECT_EQ(is_trouble(row.fate, by), !by_client && !no_harm.contains(row.token))
          << row.token << to_token(by);
    }
  }
}

TEST(FateTest, ByTokens) {
  EXPECT_EQ(to_token(By::kNobody), "-");
  EXPECT_EQ(to_token(By::kClient), "client");
  EXPECT_EQ(to_token(By::kPath), "path");
  EXPECT_EQ(to_token(By::kPeer), "peer");
  EXPECT_EQ(to_token(By::kServer), "server");
  EXPECT_EQ(to_token(By::kUnknown), "unknown");
}

TEST(FateTest, PhaseTokens) {
  EXPECT_EQ(to_token(Phase::kRequest), "request");
  EXPECT_EQ(to_token(Phase::kWaiting), "waiting");
  EXPECT_EQ(to_token(Phase::kSending), "sending");
  EXPECT_EQ(to_token(Phase::kDrained), "drained");
  EXPECT_EQ(to_token(Phase::kIdle), "idle");
}

TEST(FateTest, CloseTokens) {
  EXPECT_EQ(to_token(Close::kUnknown), "-");
  EXPECT_EQ(to_token(Close::kOpen), "open");
  EXPECT_EQ(to_token(Close::kFin), "fin");
  EXPECT_EQ(to_token(Close::kRst), "rst");
  EXPECT_EQ(to_token(Close::kTimeout), "timeout");
  EXPECT_EQ(to_token(Close::kIcmp), "icmp");
  EXPECT_EQ(to_token(Close::kLocal), "local");
}

}  // namespace
}  // namespace connfate

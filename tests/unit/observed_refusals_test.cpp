// SPDX-License-Identifier: Apache-2.0
// observe() on a host that refuses to send: queue, TCP_INFO, queue, and what moves between them.
#include <gtest/gtest.h>

#include <cerrno>

#include "connfate/observation.hpp"
#include "unit/fake_kernel.hpp"

namespace connfate {
namespace {

using fixture::FakeKernel;
namespace tcpi = fixture::tcpi;

class ObservedRefusalsTest : public testing::Test {
 protected:
  /// The stream so far: `written` bytes, of which the client acknowledged `acked`.
  void stream(std::uint64_t written, std::uint64_t acked) {
    const std::uint64_t open = written - acked;
    kernel_->info->set(tcpi::kBytesSent, written).set(tcpi::kBytesAcked, acked);
    kernel_->info->set(tcpi::kUnacked, (open + 1447) / 1448);
    kernel_->output_queue = static_cast<int>(open);
  }
  void die_with(int code) {
    kernel_->info->set(TcpState::kClose).set(tcpi::kUnacked, 0);
    connection_.first_error.record(Operation::kWrite, code);
  }
  Observation look() { return observe(7, view_, connection_, kernel_.calls()); }

  static ServerView complete() {
    ServerView view;
    view.response_started = view.complete = true;
    return view;
  }

  FakeKernel kernel_;
  Connection connection_;
  ServerView view_ = complete();
};

// This host's firewall drops all of the response; the kernel has tried three times.
TEST_F(ObservedRefusalsTest, WhatThisHostRefusedToSendIsCounted) {
  kernel_->info->set(tcpi::kBytesSent, 7344).set(tcpi::kNotsent, 3000);
  kernel_->output_queue = 3000;
  const Observation o = look();
  EXPECT_EQ(o.evidence.refused, Bytes{7344});
  EXPECT_EQ(o.verdict.fate, Fate::kPending) << "nobody has given up";
  EXPECT_EQ(o.evidence.end, Bytes{3000});
  EXPECT_EQ(kernel_->queue_calls, 2);
  EXPECT_EQ(kernel_->info_calls, 2);
}

TEST_F(ObservedRefusalsTest, AHealthyResponseAsksTheQueueNeither) {
  stream(4000, 1000);
  EXPECT_EQ(look().evidence.refused, std::nullopt);
  EXPECT_EQ(kernel_->queue_calls, 0);
}

TEST_F(ObservedRefusalsTest, ARetransmissionAloneAsksTheQueueOnce) {
  stream(4000, 1000);
  kernel_->info->set(tcpi::kBytesSent, 5448).set(tcpi::kBytesRetrans, 1448);
  kernel_->info->set(tcpi::kTotalRetrans, 1);
  EXPECT_EQ(look().evidence.refused, std::nullopt);
  EXPECT_EQ(kernel_->queue_calls, 1);
}

TEST_F(ObservedRefusalsTest, AnAcknowledgementBetweenTheReadingsIsNoRefusal) {
  stream(4000, 1000);
  look();
  kernel_->info->set(tcpi::kTotalRetrans, 1);  // from now on the queue is read first
  look();
  stream(9000, 4000);
  kernel_->info_after_queue = kernel_->info;
  kernel_->info_after_queue->set(tcpi::kBytesAcked, 7000).set(tcpi::kUnacked, 2);
  kernel_->output_queue_after_info = 2000;
  const Observation o = look();
  EXPECT_EQ(o.evidence.refused, std::nullopt);
  EXPECT_EQ(o.verdict.fate, Fate::kPending);
}

TEST_F(ObservedRefusalsTest, AWriteBetweenTheReadingsIsNoRefusal) {
  kernel_->info->set(tcpi::kTotalRetrans, 1);
  look();
  stream(9000, 4000);
  kernel_->info->set(tcpi::kTotalRetrans, 1);
  kernel_->info_after_queue = kernel_->info;
  kernel_->info_after_queue->set(tcpi::kBytesSent, 9000).set(tcpi::kNotsent, 3000);
  kernel_->output_queue_after_info = 8000;  // 3000 more than before the snapshot
  const Observation o = look();
  EXPECT_EQ(o.evidence.refused, std::nullopt);
  EXPECT_EQ(o.verdict.fate, Fate::kPending);
}

TEST_F(ObservedRefusalsTest, RefusalsOfTheResponseBeforeAreNotThisOnes) {
  stream(4000, 4000);
  kernel_->info->set(tcpi::kBytesSent, 10'000);
  EXPECT_EQ(look().evidence.refused, Bytes{6000}) << "they healed: a note";
  stream(8000, 8000);
  kernel_->info->set(tcpi::kBytesSent, 14'000);
  EXPECT_EQ(look().evidence.refused, Bytes{0});
  stream(9000, 8000);
  kernel_->info->set(tcpi::kBytesSent, 16'000).set(tcpi::kNotsent, 1000).set(tcpi::kUnacked, 0);
  die_with(ETIMEDOUT);
  const Observation o = look();
  EXPECT_EQ(o.evidence.refused, Bytes{2000});
  EXPECT_EQ(o.verdict.fate, Fate::kBlockedHere);
}

// The counters move while they are read: what the next response is charged with must not be more
// than its own.
TEST_F(ObservedRefusalsTest, RefusalsThatCannotBeCountedExactlyAreNotTheNextOnes) {
  kernel_->info->set(tcpi::kTotalRetrans, 1);
  look();
  stream(4000, 4000);
  kernel_->info->set(tcpi::kBytesSent, 10'000).set(tcpi::kUnacked, 1);
  kernel_->output_queue_after_info = 100;
  EXPECT_EQ(look().evidence.refused, std::nullopt);
  kernel_->output_queue_after_info.reset();
  stream(8000, 8000);
  kernel_->info->set(tcpi::kBytesSent, 14'000);
  EXPECT_EQ(look().evidence.refused, Bytes{0});
}

TEST_F(ObservedRefusalsTest, OnASharedStreamRefusalsAreTheConnections) {
  view_.shared_stream = true;
  kernel_->info->set(tcpi::kBytesSent, 7344).set(tcpi::kNotsent, 3000);
  kernel_->output_queue = 3000;
  EXPECT_EQ(look().evidence.refused, Bytes{7344});
  EXPECT_EQ(look().evidence.refused, Bytes{7344});
}

}  // namespace
}  // namespace connfate

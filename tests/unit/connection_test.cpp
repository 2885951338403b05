// SPDX-License-Identifier: Apache-2.0
#include "connfate/connection.hpp"

#include <gtest/gtest.h>

#include "unit/fake_kernel.hpp"

namespace connfate {
namespace {

using fixture::FakeKernel;
using fixture::TcpInfoAnswer;
using std::chrono::microseconds;
namespace tcpi = fixture::tcpi;

constexpr int kFd = 7;

static_assert(std::is_trivially_destructible_v<Connection>);
static_assert(noexcept(std::declval<Connection&>().set_baseline(kFd)));
static_assert(noexcept(std::declval<Connection&>().skip_response()));
static_assert(noexcept(std::declval<Connection&>().read_identity(kFd, true, true)));

TEST(ConnectionTest, StartsAtZero) {
  const Connection connection;
  ASSERT_TRUE(connection.baseline);
  EXPECT_EQ(connection.baseline->end, Bytes{0});
  EXPECT_FALSE(connection.first_error.get() || connection.cookie || connection.ttl);
}

TEST(ConnectionTest, BaselineTakesTheHandshakeBytesOut) {
  FakeKernel kernel;
  kernel->info->set(tcpi::kBytesSent, 1600).set(tcpi::kBytesAcked, 1448).set(tcpi::kUnacked, 1);
  kernel->info->set(tcpi::kTotalRetrans, 2).set(tcpi::kBusyTime, 5000);
  kernel->info->set(tcpi::kRwndLimited, 300).set(tcpi::kSndbufLimited, 200);
  Connection connection;
  connection.set_baseline(kFd, kernel.calls());
  ASSERT_TRUE(connection.baseline);
  EXPECT_EQ(connection.baseline->end, Bytes{1600});
  EXPECT_EQ(connection.baseline->total_retrans, Segments{2});
  EXPECT_EQ(connection.baseline->busy_time, microseconds(5000));
  EXPECT_EQ(connection.baseline->rwnd_limited, microseconds(300));
  EXPECT_EQ(connection.baseline->sndbuf_limited, microseconds(200));
  EXPECT_EQ(kernel->info_calls, 1);
}

TEST(ConnectionTest, BaselineUsesTheOutputQueueAfterARetransmission) {
  FakeKernel kernel;
  kernel->info->set(tcpi::kBytesSent, 3200).set(tcpi::kBytesRetrans, 1600).set(tcpi::kUnacked, 2);
  kernel->output_queue = 1600;
  Connection connection;
  connection.set_baseline(kFd, kernel.calls());
  ASSERT_TRUE(connection.baseline);
  EXPECT_EQ(connection.baseline->end, Bytes{1600});
  EXPECT_EQ(kernel->queue_calls, 1);
}

TEST(ConnectionTest, NoBaselineWhenTheKernelCannotSay) {
  FakeKernel kernel;
  Connection connection;
  kernel->info->set_length(fixture::kLinux30);
  connection.set_baseline(kFd, kernel.calls());
  EXPECT_FALSE(connection.baseline);
  kernel->info.reset();
  connection.baseline = Baseline{};
  connection.set_baseline(kFd, kernel.calls());
  EXPECT_FALSE(connection.baseline);
}

TEST(ConnectionTest, IdentityIsReadOnceAndOnlyWhenWanted) {
  FakeKernel kernel;
  kernel->cookie = 0xabc;
  kernel->multicast_ttl = 52;
  Connection connection;
  connection.read_identity(kFd, false, false, kernel.calls());
  EXPECT_FALSE(connection.cookie || connection.ttl);
  for (int i = 0; i < 3; ++i) connection.read_identity(kFd, true, true, kernel.calls());
  EXPECT_EQ(connection.cookie, 0xabcU);
  EXPECT_EQ(connection.ttl, 52);
  EXPECT_EQ(kernel->cookie_calls, 1);
  EXPECT_EQ(kernel->ttl_calls, 1);
}

TEST(ConnectionTest, AnIdentityThatIsNotToBeHadIsAskedForOnce) {
  FakeKernel kernel;
  Connection connection;
  for (int i = 0; i < 3; ++i) connection.read_identity(kFd, true, true, kernel.calls());
  EXPECT_FALSE(connection.cookie || connection.ttl);
  EXPECT_EQ(kernel->cookie_calls, 1);
  EXPECT_EQ(kernel->ttl_calls, 1);
}

TEST(ConnectionTest, WhatTheServerTookIsWhatArrivedLessTheQueueAndTheFin) {
  FakeKernel kernel;
  kernel->info->set(tcpi::kState, 1).set(tcpi::kBytesReceived, 150);
  kernel->input_queue = 40;
  EXPECT_EQ(read_bytes_taken(kFd, kernel.calls()), Bytes{110});
  kernel->info->set(tcpi::kState, 8).set(tcpi::kBytesReceived, 151);  // CLOSE_WAIT
  EXPECT_EQ(read_bytes_taken(kFd, kernel.calls()), Bytes{110});
}

TEST(ConnectionTest, WhatTheServerTookIsUnknownWhileBytesArrive) {
  FakeKernel kernel;
  kernel->info->set(tcpi::kState, 1).set(tcpi::kBytesReceived, 150);
  kernel->info_after_queue = kernel->info;
  kernel->info_after_queue->set(tcpi::kBytesReceived, 190);
  EXPECT_FALSE(read_bytes_taken(kFd, kernel.calls()));
}

TEST(ConnectionTest, WhatTheServerTookIsUnknownOfADeadSocketAndAnOldKernel) {
  FakeKernel kernel;
  kernel->info->set(tcpi::kState, 7).set(tcpi::kBytesReceived, 150);
  EXPECT_FALSE(read_bytes_taken(kFd, kernel.calls()));
  kernel->info->set(tcpi::kState, 1);
  kernel->input_queue.reset();
  EXPECT_FALSE(read_bytes_taken(kFd, kernel.calls()));
  kernel->info.reset();
  EXPECT_FALSE(read_bytes_taken(kFd, kernel.calls()));
}

}  // namespace
}  // namespace connfate

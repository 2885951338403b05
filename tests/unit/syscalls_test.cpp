// SPDX-License-Identifier: Apache-2.0
#include "connfate/syscalls.hpp"

#include <gtest/gtest.h>

#include "unit/fake_kernel.hpp"

namespace connfate {
namespace {

using fixture::FakeKernel;
using fixture::TcpInfoAnswer;
namespace tcpi = fixture::tcpi;

constexpr int kFd = 7;

TEST(SyscallsTest, SnapshotIsOneCall) {
  FakeKernel kernel;
  kernel->info->set(tcpi::kBytesAcked, 4711);
  const auto snapshot = read_tcp_snapshot(kFd, kernel.calls());
  ASSERT_TRUE(snapshot);
  EXPECT_EQ(snapshot->bytes_acked, Bytes{4711});
  EXPECT_EQ(kernel->info_calls, 1);
  EXPECT_EQ(kernel->queue_calls, 0);
}

TEST(SyscallsTest, RoomForTheAnswersOfKernelsToCome) {
  FakeKernel kernel;
  kernel->info->set_length(512);
  EXPECT_TRUE(read_tcp_snapshot(kFd, kernel.calls()));
}

TEST(SyscallsTest, NoTcpNoSnapshot) {
  FakeKernel kernel;
  kernel->info.reset();
  EXPECT_FALSE(read_tcp_snapshot(kFd, kernel.calls()));
  EXPECT_FALSE(read_tcp_snapshot(-1)) << "the running kernel on a dead descriptor";
}

TEST(SyscallsTest, OutputQueue) {
  FakeKernel kernel;
  kernel->output_queue = 583544;
  EXPECT_EQ(read_output_queue(kFd, kernel.calls()), Bytes{583544});
  kernel->output_queue = -1;
  EXPECT_FALSE(read_output_queue(kFd, kernel.calls()));
  kernel->output_queue.reset();
  EXPECT_FALSE(read_output_queue(kFd, kernel.calls()));
  EXPECT_FALSE(read_output_queue(-1)) << "the running kernel on a dead descriptor";
}

TEST(SyscallsTest, Cookie) {
  FakeKernel kernel;
  EXPECT_FALSE(read_cookie(kFd, kernel.calls())) << "before 4.12";
  kernel->cookie = 0x1'0000'0007U;
  EXPECT_EQ(read_cookie(kFd, kernel.calls()), 0x1'0000'0007U);
}

struct TtlRow {
  std::string_view story;
  std::optional<int> domain;
  std::optional<int> ttl;
  std::optional<int> hops;
  std::optional<std::uint8_t> expected;
};

constexpr TtlRow kTtls[] = {
    {"IPv4", AF_INET, 63, {}, 63},
    {"IPv4, the most", AF_INET, 255, {}, 255},
    {"IPv6", AF_INET6, {}, 52, 52},
    {"IPv6 asks no IPv4 option", AF_INET6, 63, {}, {}},
    {"unix socket", AF_UNIX, 63, 63, {}},
    {"dead descriptor", {}, 63, 63, {}},
    {"zero is no TTL", AF_INET, 0, {}, {}},
    {"-1 means the route's", AF_INET6, {}, -1, {}},
    {"more than a byte", AF_INET, 256, {}, {}},
};

TEST(SyscallsTest, HandshakeTtl) {
  for (const TtlRow& row : kTtls) {
    FakeKernel kernel;
    kernel->domain = row.domain;
    kernel->multicast_ttl = row.ttl;
    kernel->multicast_hops = row.hops;
    EXPECT_EQ(read_handshake_ttl(kFd, kernel.calls()), row.expected) << row.story;
    EXPECT_EQ(kernel->other_calls, 0) << row.story;
  }
}

}  // namespace
}  // namespace connfate

// SPDX-License-Identifier: Apache-2.0
// The same stories on kernels of every age, played at the system call: 104 bytes of TCP_INFO (3.x),
// 160 (4.6), 232 (5.4) and 248 (6.7). A younger kernel says more; none says something else.
#include <gtest/gtest.h>

#include <cerrno>

#include "connfate/observation.hpp"
#include "unit/fake_kernel.hpp"

namespace connfate {
namespace {

using fixture::FakeKernel;
namespace tcpi = fixture::tcpi;

constexpr std::size_t kAnswers[] = {104, 160, 232, 248};
constexpr std::uint64_t kWritten = 10'000;

struct Story {
  std::string_view title;
  std::uint64_t acked;
  std::uint64_t notsent;
  int error;  ///< 0: the connection lives
  Fate fate;
};

constexpr Story kStories[] = {
    {"everything acknowledged", kWritten, 0, 0, Fate::kDelivered},
    {"some of it in flight", 4000, 0, 0, Fate::kPending},
    {"nothing in flight, but the rest never sent", 4000, 6000, 0, Fate::kPending},
    {"reset in the middle", 4000, 0, ECONNRESET, Fate::kRstReceived},
    {"unanswered until the kernel gave up", 4000, 0, ETIMEDOUT, Fate::kAckTimeout},
};

Observation play(const Story& story, std::size_t answer) {
  FakeKernel kernel;
  const std::uint64_t open = kWritten - story.acked;
  kernel->info->set(tcpi::kBytesSent, kWritten - story.notsent);
  kernel->info->set(tcpi::kBytesAcked, story.acked).set(tcpi::kNotsent, story.notsent);
  kernel->info->set(tcpi::kUnacked, (open - story.notsent + 1447) / 1448);
  kernel->output_queue = static_cast<int>(open);
  Connection connection;
  ServerView view;
  view.response_started = true;
  view.complete = story.error == 0;
  if (story.error != 0) {
    kernel->info->set(TcpState::kClose).set(tcpi::kUnacked, 0);
    connection.first_error.record(Operation::kWrite, story.error);
  }
  kernel->info->set_length(answer);
  return observe(7, view, connection, kernel.calls());
}

TEST(KernelAgesTest, EveryKernelTellsTheSameFate) {
  for (const Story& story : kStories) {
    for (const std::size_t answer : kAnswers) {
      EXPECT_EQ(play(story, answer).verdict.fate, story.fate) << story.title << ", " << answer;
    }
  }
}

TEST(KernelAgesTest, TheOldestCountsNoBytesAndMakesNoneUp) {
  for (const Story& story : kStories) {
    const Observation oldest = play(story, 104);
    EXPECT_FALSE(oldest.written || oldest.acked || oldest.unacked || oldest.notsent) << story.title;
    const Observation younger = play(story, 160);
    EXPECT_EQ(younger.acked, Bytes{story.acked}) << story.title;
  }
}

}  // namespace
}  // namespace connfate

// SPDX-License-Identifier: Apache-2.0
// A server's process tells a witness that is there, missing, full, stopped, or back again.
#include "connfate/witness_socket.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cerrno>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "component/witness_stand_in.hpp"
#include "unit/sample_report.hpp"

namespace connfate {
namespace {

using Receiver = fixture::WitnessStandIn;
using std::chrono::seconds;

/// A clock that stands still until the test moves it.
WitnessSocket::Clock::time_point moment{};
WitnessSocket::Clock::time_point tell_moment() noexcept {
  return moment;
}

class WitnessSocketTest : public testing::Test {
 protected:
  WitnessSocketTest() { moment = {}; }

  std::optional<WitnessSocket::Loss> send() {
    Report report = fixture::full_report();
    return socket_.send(report);
  }

  const fixture::WitnessPlace place_;
  const std::string path_ = place_.socket();
  WitnessSocket socket_{path_, tell_moment};
};

TEST_F(WitnessSocketTest, AReportArrives) {
  const Receiver receiver(path_);
  EXPECT_FALSE(send());
  EXPECT_EQ(receiver.next_lost(), 0U);
}

TEST_F(WitnessSocketTest, AMissingWitnessIsCountedAndFoundWhenItComes) {
  const auto loss = send();
  ASSERT_TRUE(loss);
  EXPECT_EQ(loss->code, ENOENT);
  EXPECT_EQ(loss->lost, 1U);
  EXPECT_FALSE(send());
  const Receiver receiver(path_);
  moment += WitnessSocket::kLookPause;
  EXPECT_FALSE(send());
  EXPECT_EQ(receiver.next_lost(), 2U);
}

TEST_F(WitnessSocketTest, AMissingWitnessIsNotLookedForWithEveryReport) {
  EXPECT_EQ(send()->code, ENOENT);
  const Receiver receiver(path_);
  EXPECT_FALSE(send());
  EXPECT_FALSE(receiver.next_lost()) << "too early";
  moment += WitnessSocket::kLookPause;
  EXPECT_FALSE(send());
  EXPECT_EQ(receiver.next_lost(), 2U);
}

TEST_F(WitnessSocketTest, ItTellsOfALossOnceAMinute) {
  EXPECT_TRUE(send());
  moment += seconds(59);
  EXPECT_FALSE(send());
  moment += seconds(1);
  const auto again = send();
  ASSERT_TRUE(again);
  EXPECT_EQ(again->lost, 3U);
}

TEST_F(WitnessSocketTest, AFullWitnessDoesNotBlock) {
  const Receiver receiver(path_);
  std::optional<WitnessSocket::Loss> loss;
  std::uint64_t arrived = 0;
  while (!loss) {
    loss = send();
    arrived += loss ? 0 : 1;
  }
  EXPECT_EQ(loss->code, EAGAIN);
  for (std::uint64_t i = 0; i < arrived; ++i) EXPECT_EQ(receiver.next_lost(), 0U);
  EXPECT_FALSE(receiver.next_lost());
  EXPECT_FALSE(send());
  EXPECT_EQ(receiver.next_lost(), 1U);
}

TEST_F(WitnessSocketTest, ARestartedWitnessIsFoundAgain) {
  std::optional<Receiver> receiver(path_);
  EXPECT_FALSE(send());
  receiver.reset();
  EXPECT_EQ(send()->code, ENOENT);
  receiver.emplace(path_);
  moment += WitnessSocket::kLookPause;
  EXPECT_FALSE(send());
  EXPECT_EQ(receiver->next_lost(), 1U);
}

TEST_F(WitnessSocketTest, AWitnessInThePlaceOfADeadOneGetsTheFirstReport) {
  std::optional<Receiver> receiver(path_);
  EXPECT_FALSE(send());
  receiver.reset();
  receiver.emplace(path_);
  EXPECT_FALSE(send());
  EXPECT_EQ(receiver->next_lost(), 0U);
}

TEST_F(WitnessSocketTest, AWitnessThatIsThereIsNotLookedForAgain) {
  const Receiver receiver(path_);
  EXPECT_FALSE(send());
  std::filesystem::remove(path_);  // somebody cleaned up: it reads its socket all the same
  EXPECT_FALSE(send());
  EXPECT_EQ(receiver.next_lost(), 0U);
  EXPECT_EQ(receiver.next_lost(), 0U);
}

TEST_F(WitnessSocketTest, ThreadsFindTheNextWitnessTogether) {
  std::optional<Receiver> receiver(path_);
  EXPECT_FALSE(send());
  receiver.reset();
  receiver.emplace(path_);
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) threads.emplace_back([this] { send(); });
  for (std::thread& thread : threads) thread.join();
  int arrived = 0;
  while (receiver->next_lost()) ++arrived;
  EXPECT_EQ(arrived, 8);
}

TEST_F(WitnessSocketTest, WithoutDescriptorsItTriesOnceASecond) {
  const Receiver receiver(path_);
  // Taken before: UBSan looks at a polymorphic object through a pipe, which needs descriptors.
  WitnessSocket& socket = socket_;
  Report report = fixture::full_report();
  rlimit usual{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &usual), 0);
  const rlimit none{0, usual.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  const auto loss = socket.send(report);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &usual), 0);
  ASSERT_TRUE(loss);
  EXPECT_EQ(loss->code, EMFILE);
  EXPECT_FALSE(send());
  EXPECT_FALSE(receiver.next_lost()) << "too early";
  moment += seconds(1);
  EXPECT_FALSE(send());
  EXPECT_EQ(receiver.next_lost(), 2U);
}

TEST_F(WitnessSocketTest, ThreadsShareIt) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([this] {
      for (int n = 0; n < 100; ++n) send();
    });
  }
  for (std::thread& thread : threads) thread.join();
  const Receiver receiver(path_);
  moment += WitnessSocket::kLookPause;
  EXPECT_FALSE(send());
  EXPECT_EQ(receiver.next_lost(), 800U);
}

TEST(WitnessPathTest, WhatCannotBeASocketIsRefused) {
  const std::string longest = "/" + std::string(WitnessSocket::kPathSize - 1, 'x');
  EXPECT_EQ(WitnessSocket::complaint_about("/run/connfate/witness.sock"), "");
  EXPECT_EQ(WitnessSocket::complaint_about(longest), "");
  EXPECT_NE(WitnessSocket::complaint_about(longest + "x"), "");
  EXPECT_NE(WitnessSocket::complaint_about("run/witness.sock"), "");
  EXPECT_NE(WitnessSocket::complaint_about(""), "");
}

}  // namespace
}  // namespace connfate

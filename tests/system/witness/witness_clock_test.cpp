// SPDX-License-Identifier: Apache-2.0
// Somebody sets the clock while connections are open. The kernel stamps packets with the wall
// clock: for the witness alone it jumps here, by libfaketime, so that what it reads and what the
// packets carry differ by an hour, as they do around a step of the host's clock.
#include <gtest/gtest.h>
#include <signal.h>

#include <cmath>
#include <ctime>

#include "harness/deadline.hpp"
#include "harness/temporary_directory.hpp"
#include "peers/client.hpp"
#include "system/witness/witness_house.hpp"

namespace connfate::harness {
namespace {

class WitnessClockTest : public WitnessStory {
 protected:
  static void SetUpTestSuite() { directory_.emplace("clock"); }
  static void TearDownTestSuite() {
    WitnessStory::TearDownTestSuite();
    directory_.reset();
  }
  void SetUp() override {
    if (!std::filesystem::exists(CONNFATE_LIBFAKETIME)) {
      GTEST_SKIP() << "libfaketime is not installed";
    }
    std::filesystem::permissions(directory_->path(), std::filesystem::perms(0755));
    set_clock("+0h");
    WitnessStory::SetUp();
  }
  WitnessHouse::Plan plan() const override {
    return {.witness = [](ServerKind) {
      return WitnessOptions{.wrapper = {"env", "LD_PRELOAD=" CONNFATE_LIBFAKETIME,
                                        "FAKETIME_TIMESTAMP_FILE=" + file().string(),
                                        "FAKETIME_DONT_FAKE_MONOTONIC=1", "FAKETIME_NO_CACHE=1"}};
    }};
  }
  static std::filesystem::path file() { return directory_->path() / "offset"; }

  /// In one step: the witness reads the file whenever it asks for the time.
  static void set_clock(const std::string& offset) {
    const auto next = directory_->path() / "next";
    write_file(next, offset + "\n");
    std::filesystem::rename(next, file());
  }

  /// How far the witness's clock is ahead, by its own words in answer to SIGUSR1.
  long hours_ahead() {
    const std::size_t before = witness_->messages().size();
    witness_->process().signal(SIGUSR1);
    std::tm said{};
    eventually(
        [&] {
          const std::string text = witness_->messages();
          const auto at = text.find(" time=", before);
          return at != text.npos && strptime(&text[at + 6], "%Y-%m-%dT%H:%M:%S", &said) != nullptr;
        },
        std::chrono::seconds(5));
    return std::lround(std::difftime(timegm(&said), std::time(nullptr)) / 3600);
  }

  /// A response that never reaches its client, who resets after the step: only the order of socket
  /// and packets tells what ended it.
  Line reset_across(const std::string& offset) {
    peers::Client client = connect(stage_->address());
    stage_->block(Block::kDropToClient);
    client.get("/small.txt");
    stage_->await_line();
    set_clock(offset);
    Stage::settle();
    client.reset();
    Line line = final_response();
    stage_->unblock();
    return line;
  }

  static std::optional<TemporaryDirectory> directory_;
};

std::optional<TemporaryDirectory> WitnessClockTest::directory_;

TEST_P(WitnessClockTest, AStepOfTheClockChangesNoVerdict) {
  for (const long hours : {1, 0, -1, 0}) {
    SCOPED_TRACE(hours);
    peers::Client good = connect(stage_->address());
    good.get("/small.txt");
    good.read_response();
    EXPECT_EQ(final_response()["fate"], "delivered");
    const Line reset = reset_across((hours < 0 ? "" : "+") + std::to_string(hours) + "h");
    ASSERT_EQ(hours_ahead(), hours) << "the step itself";
    EXPECT_EQ(reset["first"], "pending") << reset;
    EXPECT_EQ(reset["fate"], "rst_received") << reset;
    EXPECT_EQ(reset["rule"], "final-rst") << reset;
    EXPECT_EQ(reset["rst_from"], "client") << reset;
    EXPECT_EQ(reset["capture"], "complete") << reset;
  }
}

INSTANTIATE_TEST_SUITE_P(Every, WitnessClockTest,
                         testing::Values(ServerKind::kNginx, ServerKind::kEvent), name_of_server);

}  // namespace
}  // namespace connfate::harness

// SPDX-License-Identifier: Apache-2.0
// A file that grows, is renamed, and is truncated, as logrotate does it; each step is one round.
#include "cli/log/follow.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "harness/temporary_directory.hpp"

namespace connfate::cli::log {
namespace {

class FollowTest : public testing::Test {
 protected:
  FollowTest() { append("one\n"); }

  void append(std::string_view text) const { std::ofstream(path_, std::ios::app) << text; }

  /// What a round gives, joined with commas.
  std::string round(FollowedFile& file) const {
    std::string all;
    file.read([&all](const LineBuffer::Line& line) {
      all.append(all.empty() ? "" : ",").append(line.text);
      return true;
    });
    return all;
  }

  harness::TemporaryDirectory directory_{"follow"};
  std::filesystem::path path_ = directory_.path() / "log";
};

TEST_F(FollowTest, gives_lines_when_they_are_whole) {
  FollowedFile file(path_, 1000);
  EXPECT_EQ(round(file), "one");
  append("two\nthr");
  EXPECT_EQ(round(file), "two");
  append("ee\n");
  EXPECT_EQ(round(file), "three");
  EXPECT_EQ(round(file), "");
}

TEST_F(FollowTest, goes_on_in_the_new_file_after_a_rename) {
  FollowedFile file(path_, 1000);
  EXPECT_EQ(round(file), "one");
  append("two\n");
  std::filesystem::rename(path_, directory_.path() / "log.1");
  append("three\n");
  EXPECT_EQ(round(file), "two");
  EXPECT_EQ(round(file), "");  // the old file was quiet for a round
  EXPECT_EQ(round(file), "three");
}

TEST_F(FollowTest, keeps_to_the_old_file_until_there_is_a_new_one) {
  FollowedFile file(path_, 1000);
  EXPECT_EQ(round(file), "one");
  const auto old = directory_.path() / "log.1";
  std::filesystem::rename(path_, old);
  std::ofstream(old, std::ios::app) << "late\n";
  EXPECT_EQ(round(file), "late");
  EXPECT_EQ(round(file), "");
}

TEST_F(FollowTest, starts_again_after_copytruncate) {
  FollowedFile file(path_, 1000);
  append("a longer line\n");
  EXPECT_EQ(round(file), "one,a longer line");
  std::filesystem::resize_file(path_, 0);
  append("new\n");
  EXPECT_EQ(round(file), "");
  EXPECT_EQ(round(file), "new");
}

TEST_F(FollowTest, the_rest_of_a_file_that_was_replaced_is_a_line) {
  FollowedFile file(path_, 1000);
  append("half");
  EXPECT_EQ(round(file), "one");
  std::filesystem::rename(path_, directory_.path() / "log.1");
  append("two\n");
  EXPECT_EQ(round(file), "half");
  EXPECT_EQ(round(file), "two");
}

}  // namespace
}  // namespace connfate::cli::log

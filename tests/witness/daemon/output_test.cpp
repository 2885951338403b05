// SPDX-License-Identifier: Apache-2.0
#include "witness/daemon/output.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>

#include "harness/temporary_directory.hpp"

namespace connfate::witness {
namespace {

using harness::read_file;

class OutputTest : public testing::Test {
 protected:
  harness::TemporaryDirectory directory_{"output"};
  const std::filesystem::path path_ = directory_.path() / "witness.log";
  const std::filesystem::path rotated_ = directory_.path() / "witness.log.1";
};

/// While it lives, no file of this process grows beyond `bytes`: a disk that is full.
class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) {
    ::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FullDisk() { ::setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  rlimit before_{};
};

TEST_F(OutputTest, AppendsWholeLines) {
  harness::write_file(path_, "before\n");
  Output output(path_);
  output.write("one");
  output.write("two");
  output.flush();
  EXPECT_EQ(read_file(path_), "before\none\ntwo\n");
}

TEST_F(OutputTest, SaysWhichFileCannotBeOpened) {
  const std::string path = directory_.path() / "missing" / "witness.log";
  try {
    const Output output(path);
    FAIL();
  } catch (const std::system_error& error) {
    EXPECT_NE(std::string(error.what()).find(path), std::string::npos);
  }
}

TEST_F(OutputTest, GoesOnInAFreshFileAfterARotation) {
  Output output(path_);
  output.write("old");
  output.flush();
  std::filesystem::rename(path_, rotated_);
  output.write("still old");
  ASSERT_TRUE(output.reopen());
  output.write("new");
  output.flush();
  EXPECT_EQ(read_file(rotated_), "old\nstill old\n");
  EXPECT_EQ(read_file(path_), "new\n");
}

TEST_F(OutputTest, KeepsTheOldFileWhenThereIsNoNewOne) {
  Output output(path_);
  std::filesystem::rename(path_, rotated_);
  std::filesystem::create_directory(path_);
  EXPECT_FALSE(output.reopen());
  EXPECT_EQ(output.problem(), "Is a directory");
  output.write("still here");
  output.flush();
  EXPECT_EQ(read_file(rotated_), "still here\n");
}

TEST_F(OutputTest, WhatFindsNoRoomWaits) {
  Output output(path_);
  output.write("first");
  output.write("second");
  {
    const FullDisk full(9);
    output.flush();
    EXPECT_EQ(output.problem(), "File too large");
    EXPECT_EQ(read_file(path_), "first\nsec");
  }
  output.write("third");
  output.flush();
  EXPECT_EQ(output.problem(), "");
  EXPECT_EQ(read_file(path_), "first\nsecond\nthird\n");
  EXPECT_EQ(output.lost_lines(), 0U);
}

TEST_F(OutputTest, CountsWhatCannotWaitEither) {
  Output output("/dev/full");
  const std::string line(999, 'x');
  for (int i = 0; i < 2000; ++i) output.write(line);
  output.flush();
  EXPECT_EQ(output.problem(), "No space left on device");
  EXPECT_EQ(output.lost_lines(), 2000U - Output::kMostWaiting / 1000);
}

TEST_F(OutputTest, ALineIsNeverSplitBetweenTwoFiles) {
  Output output(path_);
  output.write("first");
  output.write("second");
  {
    const FullDisk full(9);
    output.flush();
    std::filesystem::rename(path_, rotated_);
    ASSERT_TRUE(output.reopen());
  }
  output.write("third");
  output.flush();
  EXPECT_EQ(read_file(path_), "third\n");
  EXPECT_EQ(output.lost_lines(), 1U);
}

TEST_F(OutputTest, AReaderThatSleepsDoesNotHoldItUp) {
  ASSERT_EQ(::mkfifo(path_.c_str(), 0600), 0);
  const int reader = ::open(path_.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  Output output(path_);
  const std::string line(9999, 'x');
  for (int i = 0; i < 50; ++i) output.write(line);
  output.flush();
  EXPECT_EQ(output.problem(), "nobody reads it");
  std::string all(600'000, '\0');
  std::size_t size = 0;
  for (ssize_t count = 1; count > 0; output.flush()) {
    count = ::read(reader, all.data() + size, all.size() - size);
    if (count > 0) size += static_cast<std::size_t>(count);
  }
  EXPECT_EQ(size, 500'000U);
  ::close(reader);
}

TEST_F(OutputTest, RootMakesTheFileForTheUser) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root";
  constexpr uid_t kSomebody = 4711;
  create_output_for(path_, kSomebody, kSomebody);
  struct stat status {};
  ASSERT_EQ(::stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_uid, kSomebody);
  EXPECT_EQ(status.st_mode & 0777U, 0640U);
}

TEST_F(OutputTest, RootDoesNotGiveAwayWhatIsThere) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root";
  harness::write_file(rotated_, "of root");
  std::filesystem::create_symlink(rotated_, path_);
  create_output_for(path_, 4711, 4711);
  struct stat status {};
  ASSERT_EQ(::stat(rotated_.c_str(), &status), 0);
  EXPECT_EQ(status.st_uid, 0U);
}

}  // namespace
}  // namespace connfate::witness

// SPDX-License-Identifier: Apache-2.0
// Plain, gzip and zstd files through the real reader; whole, concatenated, broken off, corrupt.
#include "cli/log/source.hpp"

#include <gtest/gtest.h>

#include "cli/log/pack.hpp"
#include "cli/log/reader.hpp"
#include "harness/temporary_directory.hpp"

namespace connfate::cli::log {
namespace {

class SourceTest : public testing::Test {
 protected:
  struct Result {
    std::uint64_t requests = 0;
    std::vector<ReadFailure> failures;
  };

  Result read(const std::string& content) {
    const auto file = directory_.path() / "log";
    harness::write_file(file, content);
    Result result;
    result.failures = read_logs({file}, [&result](const Record& record) {
      result.requests += record.kind == Kind::kBundle ? 1 : 0;
      return true;
    });
    return result;
  }

  static std::string lines(int count) {
    std::string text;
    for (int i = 0; i < count; ++i)
      text += "fate=delivered rtt_us=" + std::to_string(i * 7919) + " v=1\n";
    return text;
  }

  harness::TemporaryDirectory directory_{"source"};
};

TEST_F(SourceTest, reads_plain_gzip_and_zstd) {
  for (const std::string& content : {lines(5000), gzip(lines(5000)), zstd(lines(5000))}) {
    const Result result = read(content);
    EXPECT_EQ(result.requests, 5000U);
    EXPECT_TRUE(result.failures.empty());
  }
}

TEST_F(SourceTest, reads_concatenated_members) {
  EXPECT_EQ(read(gzip(lines(10)) + gzip(lines(20))).requests, 30U);
  EXPECT_EQ(read(zstd(lines(10)) + zstd(lines(20))).requests, 30U);
}

TEST_F(SourceTest, tells_of_a_file_that_breaks_off_and_keeps_what_was_whole) {
  for (std::string content : {gzip(lines(50000)), zstd(lines(50000))}) {
    content.resize(content.size() / 2);
    const Result result = read(content);
    EXPECT_GT(result.requests, 1000U);
    EXPECT_LT(result.requests, 50000U);
    ASSERT_EQ(result.failures.size(), 1U);
    EXPECT_NE(result.failures[0].why.find("breaks off"), std::string::npos)
        << result.failures[0].why;
  }
}

TEST_F(SourceTest, tells_of_corrupt_data) {
  for (std::string content : {gzip(lines(50000)), zstd(lines(50000))}) {
    for (std::size_t i = content.size() / 2; i < content.size() / 2 + 64; ++i) content[i] = '\x55';
    EXPECT_EQ(read(content).failures.size(), 1U);
  }
}

TEST_F(SourceTest, tells_of_a_file_that_is_not_there_and_of_a_directory) {
  const auto visit = [](const Record&) { return true; };
  const auto failures = read_logs({directory_.path() / "none", directory_.path()}, visit);
  ASSERT_EQ(failures.size(), 2U);
  EXPECT_EQ(failures[0].why, "No such file or directory");
  EXPECT_EQ(failures[1].why, "Is a directory");
}

TEST_F(SourceTest, an_empty_file_is_no_failure) {
  EXPECT_TRUE(read("").failures.empty());
}

}  // namespace
}  // namespace connfate::cli::log

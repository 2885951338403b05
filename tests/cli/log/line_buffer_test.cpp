// SPDX-License-Identifier: Apache-2.0
#include "cli/log/line_buffer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace connfate::cli::log {
namespace {

/// All lines of `text`, read `step` bytes at a time.
std::vector<std::string> lines_of(const std::string& text, std::size_t longest, std::size_t step) {
  LineBuffer lines(longest);
  std::vector<std::string> all;
  std::size_t at = 0;
  const auto read = [&](char* to, std::size_t size) {
    const std::size_t count = std::min({step, size, text.size() - at});
    text.copy(to, count, at);
    at += count;
    return count;
  };
  const auto keep = [&all](const LineBuffer::Line& line) {
    all.push_back(std::string(line.text) + (line.cut ? "|cut" : ""));
  };
  while (lines.fill(read)) {
    while (const auto line = lines.next()) keep(*line);
  }
  if (const auto rest = lines.take_rest()) keep(*rest);
  return all;
}

TEST(LineBufferTest, gives_the_same_lines_whatever_the_reads) {
  const std::string text = "one\ntwo\r\n\nfour\nrest";
  const std::vector<std::string> expected{"one", "two", "", "four", "rest"};
  for (std::size_t step = 1; step <= text.size(); ++step) {
    EXPECT_EQ(lines_of(text, 100, step), expected) << step;
  }
}

TEST(LineBufferTest, cuts_a_long_line_once_and_goes_on_behind_it) {
  const std::string text = "a\n" + std::string(1000, 'x') + "\nb\n";
  const std::vector<std::string> expected{"a", std::string(10, 'x') + "|cut", "b"};
  for (const std::size_t step : {1U, 7U, 500U, 5000U})
    EXPECT_EQ(lines_of(text, 10, step), expected);
}

TEST(LineBufferTest, a_long_line_at_the_end_is_given_once) {
  EXPECT_EQ(lines_of(std::string(1000, 'x'), 10, 3).size(), 1U);
}

TEST(LineBufferTest, numbers_lines_from_one) {
  LineBuffer lines(100);
  const std::string text = "a\nb\n";
  bool done = false;
  lines.fill([&](char* to, std::size_t) {
    if (std::exchange(done, true)) return std::size_t{0};
    return text.copy(to, text.size());
  });
  EXPECT_EQ(lines.next()->number, 1U);
  EXPECT_EQ(lines.next()->number, 2U);
  EXPECT_FALSE(lines.next());
}

}  // namespace
}  // namespace connfate::cli::log

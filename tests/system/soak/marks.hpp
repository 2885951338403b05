// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Marks: requests that can be told apart in an access log, because each carries
// ?mark=<unique> in its request line, and the comparison of what was asked with what was logged.
// Used by the soak. Thread rule: issue() and answered() may be called from any thread.
// Surprising: the log is read once, line by line; it may be larger than the memory.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "harness/log_line.hpp"

namespace connfate::harness {

class Marks {
 public:
  /// A new mark; append it to the path: "?mark=..." or "&mark=...".
  std::string issue();
  /// The response to that mark has begun: the server must log it.
  void answered(const std::string& mark);
  std::uint64_t answered_count() const;

  struct Comparison {
    std::uint64_t lines = 0;
    std::uint64_t torn = 0;      ///< lines that are not of the log's form
    std::uint64_t repeated = 0;  ///< more than one line for one mark, whoever issued it
    std::vector<std::string> missing;
    /// Lines by the part of the mark before its first '-': what issue() writes, or another tool.
    std::unordered_map<std::string, std::uint64_t> by_family;
    std::unordered_map<std::string, std::uint64_t> by_fate;
  };
  Comparison compare(const std::filesystem::path& access_log) const;

 private:
  mutable std::mutex mutex_;
  std::uint64_t issued_ = 0;
  std::vector<std::string> answered_;
};

}  // namespace connfate::harness

// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Progress: a bar on standard error while long inputs are read, and only when standard
// error is a terminal. Used by the command.

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace connfate::cli::report {

/// "[#####     ]  52 %  520 of 1000 MB". The total may be 0: not known.
std::string progress_text(std::uint64_t bytes, std::uint64_t total);

class Progress {
 public:
  explicit Progress(const std::vector<std::string>& files);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void show(std::uint64_t bytes);

 private:
  using Clock = std::chrono::steady_clock;

  bool is_wanted_;
  bool was_shown_ = false;
  std::uint64_t total_ = 0;
  Clock::time_point next_;
};

}  // namespace connfate::cli::report

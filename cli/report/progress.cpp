// SPDX-License-Identifier: Apache-2.0
#include "cli/report/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

namespace connfate::cli::report {
namespace {

constexpr std::chrono::milliseconds kBefore{1000};  ///< short inputs show none
constexpr std::chrono::milliseconds kInterval{200};

/// 0 when one of the inputs has no size: a pipe.
std::uint64_t size_of(const std::vector<std::string>& files) {
  std::uint64_t sum = 0;
  for (const std::string& file : files) {
    std::error_code error;
    const auto size = std::filesystem::file_size(file, error);
    if (error) return 0;
    sum += size;
  }
  return sum;
}

}  // namespace

std::string progress_text(std::uint64_t bytes, std::uint64_t total) {
  constexpr std::uint64_t kMegabyte = 1'000'000;
  if (total == 0) return fmt::format("{} MB", bytes / kMegabyte);
  constexpr std::uint64_t kWidth = 30;
  const std::uint64_t done = std::min(bytes, total);
  const auto filled = static_cast<std::size_t>(done * kWidth / total);
  return fmt::format("[{}{}] {:3} %  {} of {} MB", std::string(filled, '#'),
                     std::string(kWidth - filled, ' '), done * 100 / total, done / kMegabyte,
                     total / kMegabyte);
}

Progress::Progress(const std::vector<std::string>& files)
    : is_wanted_(::isatty(STDERR_FILENO) == 1), next_(Clock::now() + kBefore) {
  if (is_wanted_) total_ = size_of(files);
}

Progress::~Progress() {
  if (was_shown_) (void)std::fputs("\r\x1b[K", stderr);
}

void Progress::show(std::uint64_t bytes) {
  if (!is_wanted_ || Clock::now() < next_) return;
  next_ = Clock::now() + kInterval;
  was_shown_ = true;
  (void)std::fputs(("\r" + progress_text(bytes, total_) + "\x1b[K").c_str(), stderr);
}

}  // namespace connfate::cli::report

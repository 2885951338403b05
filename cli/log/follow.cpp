// SPDX-License-Identifier: Apache-2.0
#include "cli/log/follow.hpp"

#include <stdexcept>

namespace connfate::cli::log {

FollowedFile::FollowedFile(std::string path, std::size_t longest_line)
    : path_(std::move(path)), lines_(longest_line) {
  file_.emplace(path_);
}

bool FollowedFile::give_lines(const OnLine& on_line) {
  while (const auto line = lines_.next()) {
    if (!on_line(*line)) return false;
  }
  return true;
}

bool FollowedFile::give_rest(const OnLine& on_line) {
  const auto rest = lines_.take_rest();
  const bool wants_more = !rest || on_line(*rest);
  lines_.clear();
  return wants_more;
}

bool FollowedFile::read(const OnLine& on_line) {
  bool was_quiet = true;
  while (lines_.fill([this](char* to, std::size_t size) { return file_->read(to, size); })) {
    was_quiet = false;
    if (!give_lines(on_line)) return false;
  }
  if (file_->restart_if_truncated()) return give_rest(on_line);
  if (!was_quiet || !file_->was_replaced(path_)) return true;
  const bool wants_more = give_rest(on_line);
  try {
    file_.emplace(path_);
  } catch (const std::runtime_error&) {
    // Renamed once more, or not readable yet: the old file stays until the next round.
  }
  return wants_more;
}

}  // namespace connfate::cli::log

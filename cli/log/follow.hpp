// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides FollowedFile: a plain file that is read on as it grows, as `tail -F` does. Used by the
// reader. It survives rename (the old file is read until it has been quiet for a round) and
// copytruncate (the file is read from its start again).
// Surprising: a file that was truncated and has grown past its old size between two rounds looks
// like one that grew.

#include <functional>
#include <optional>
#include <string>

#include "cli/log/line_buffer.hpp"
#include "cli/log/raw_file.hpp"

namespace connfate::cli::log {

class FollowedFile {
 public:
  using OnLine = std::function<bool(const LineBuffer::Line&)>;

  /// Throws std::runtime_error when the file cannot be opened.
  FollowedFile(std::string path, std::size_t longest_line);

  const std::string& path() const noexcept { return path_; }

  /// One round: gives all whole lines that are there. False when `on_line` did not want more.
  bool read(const OnLine& on_line);
  std::uint64_t taken() const noexcept { return file_->taken(); }

 private:
  bool give_lines(const OnLine& on_line);
  bool give_rest(const OnLine& on_line);

  std::string path_;
  std::optional<RawFile> file_;
  LineBuffer lines_;
};

}  // namespace connfate::cli::log

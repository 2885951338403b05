// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Output: the witness's log, a file that can be rotated, or standard output.
// Used by the service. It never blocks and never throws after it was opened.
// Surprising: lines that cannot be written (the disk is full, nobody reads the pipe) wait in memory
// up to kMostWaiting and are tried again with every flush(); what does not fit is counted as lost.
// A line is written whole or not at all, as far as the file lets us.

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "witness/process/descriptor.hpp"

namespace connfate::witness {

class Output {
 public:
  static constexpr const char* kStandardOutput = "-";
  static constexpr std::size_t kMostWaiting = std::size_t{1} << 20U;

  /// A path, appended to, or kStandardOutput. Throws std::system_error naming the path.
  explicit Output(std::string path);

  /// Adds a line; the newline is added here. Written by the next flush().
  void write(std::string_view line) noexcept;

  void flush() noexcept;

  /// Goes on with a file freshly opened at the path, after the old one was renamed. False when that
  /// cannot be opened; then the old one stays in use, and problem() says why.
  bool reopen() noexcept;

  std::uint64_t lost_lines() const noexcept { return lost_lines_; }

  /// Why the last attempt failed; empty when it did not.
  const std::string& problem() const noexcept { return problem_; }

 private:
  std::size_t write_some(std::string_view text) noexcept;
  void discard_rest_of_line() noexcept;

  std::string path_;
  Descriptor file_;
  bool is_regular_ = false;
  std::string waiting_;
  bool starts_inside_line_ = false;  ///< the first part of waiting_'s first line is in the file
  std::uint64_t lost_lines_ = 0;
  std::string problem_;
};

/// As root, before becoming another user: makes the output file, owned by that user, if it does not
/// exist. A file that exists is left alone: root does not give away what somebody put there.
/// Throws std::system_error naming the path.
void create_output_for(const std::string& path, uid_t uid, gid_t gid);

}  // namespace connfate::witness

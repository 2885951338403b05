// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides RawFile: reads of a file descriptor, which can look at the first bytes without taking
// them. Used by the sources, and by follow, which needs to know which file it holds.

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace connfate::cli::log {

class RawFile {
 public:
  /// "-" is standard input. Throws std::runtime_error.
  explicit RawFile(const std::string& file);
  ~RawFile();
  RawFile(RawFile&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)),
        head_(std::move(other.head_)),
        taken_(other.taken_) {}
  RawFile& operator=(RawFile&&) = delete;

  /// The next `size` bytes, fewer at the end of the file; they are read again.
  std::string_view peek(std::size_t size);
  std::size_t read(char* to, std::size_t size);
  std::uint64_t taken() const noexcept { return taken_; }

  /// True when `path` now names another file, which was renamed or made in its place.
  bool was_replaced(const std::string& path) const;
  /// Goes back to the start when the file has become shorter than what was taken. True if it did.
  bool restart_if_truncated();

 private:
  std::size_t read_descriptor(char* to, std::size_t size) const;

  int descriptor_;
  std::string head_;
  std::uint64_t taken_ = 0;
};

}  // namespace connfate::cli::log

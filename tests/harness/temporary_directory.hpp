// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides a fresh directory that anybody may enter and read (servers drop root), removed with all
// its content by the destructor. With CONNFATE_KEEP in the environment it stays, for looking at
// logs after a failure. Failure: the constructor throws std::system_error.

#include <filesystem>
#include <string>
#include <string_view>

namespace connfate::harness {

class TemporaryDirectory {
 public:
  /// `purpose` becomes part of the name.
  explicit TemporaryDirectory(std::string_view purpose);
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// Both throw std::runtime_error when the file cannot be written; a missing file reads as empty.
void write_file(const std::filesystem::path& file, std::string_view content);
std::string read_file(const std::filesystem::path& file);

}  // namespace connfate::harness

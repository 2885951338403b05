// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides SmallDisk: a file system of a few megabytes that can be filled up and emptied again, to
// put a log on. Needs root. Failure: the constructor throws std::system_error.

#include <cstddef>

#include "harness/temporary_directory.hpp"

namespace connfate::harness {

class SmallDisk {
 public:
  explicit SmallDisk(std::size_t megabytes);
  ~SmallDisk();
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  const std::filesystem::path& path() const { return directory_.path(); }
  /// Until release(), nothing more can be written there.
  void fill() const;
  void release() const;

 private:
  TemporaryDirectory directory_;
};

}  // namespace connfate::harness

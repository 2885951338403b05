// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Source: the bytes of one log file, unpacked. Plain, gzip and zstd are told apart by the
// first bytes. Used by the reader.
// Surprising: a packed file that breaks off gives what was whole, and then throws.

#include <cstdint>
#include <memory>
#include <string>

namespace connfate::cli::log {

class Source {
 public:
  virtual ~Source() = default;
  /// Up to `size` bytes; 0 at the end. Throws std::runtime_error when it cannot be read.
  virtual std::size_t read(char* to, std::size_t size) = 0;
  /// Bytes of the file that were taken so far.
  virtual std::uint64_t taken() const noexcept = 0;
};

/// "-" is standard input. Throws std::runtime_error when the file cannot be opened.
std::unique_ptr<Source> open_source(const std::string& file);

}  // namespace connfate::cli::log

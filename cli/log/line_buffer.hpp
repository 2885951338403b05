// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides LineBuffer: cuts a stream of bytes into lines. Used by the reader.
// Surprising: a line longer than `longest` is given once, cut to that length and marked; the rest
// of it is skipped. A carriage return before the end of line is not part of the line.

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

namespace connfate::cli::log {

class LineBuffer {
 public:
  struct Line {
    std::string_view text;
    std::uint64_t number;
    bool cut;
  };

  explicit LineBuffer(std::size_t longest);

  /// Reads once. False when `read` gave nothing. Views given before are no longer valid.
  bool fill(const std::function<std::size_t(char*, std::size_t)>& read);
  /// The next whole line; nullopt: fill() first.
  std::optional<Line> next();
  /// At the end: what is left without an end of line.
  std::optional<Line> take_rest();
  /// Forgets what was read, for another file.
  void clear() noexcept;

 private:
  Line make_line(std::size_t size, bool cut);

  std::size_t longest_;
  std::vector<char> buffer_;
  std::size_t first_ = 0;
  std::size_t last_ = 0;
  std::uint64_t number_ = 0;
  bool skipping_ = false;  ///< the rest of a line that was cut
};

}  // namespace connfate::cli::log

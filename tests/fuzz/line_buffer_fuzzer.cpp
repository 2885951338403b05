// SPDX-License-Identifier: Apache-2.0
// Lines of any text, read in pieces of any size: the same as when the text is split as a whole.
#include "cli/log/line_buffer.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "fuzz/fuzz_target.hpp"

namespace connfate::fuzz {
namespace {

using cli::log::LineBuffer;

constexpr std::size_t kLongest = 16;

struct Line {
  std::string text;
  bool cut;

  friend bool operator==(const Line&, const Line&) = default;
};

Line line_of(std::string_view text) {
  const bool cut = text.size() > kLongest;
  text = text.substr(0, kLongest);
  if (!cut && text.ends_with('\r')) text.remove_suffix(1);
  return {std::string(text), cut};
}

std::vector<Line> split(std::string_view text) {
  std::vector<Line> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    lines.push_back(line_of(text.substr(0, end)));
    if (end == text.npos) break;
    text.remove_prefix(end + 1);
  }
  return lines;
}

std::vector<Line> read(std::string_view text, std::size_t piece) {
  LineBuffer buffer(kLongest);
  std::vector<Line> lines;
  const auto take = [&](const LineBuffer::Line& line) {
    lines.push_back({std::string(line.text), line.cut});
    require(line.number == lines.size(), "lines are counted from one");
  };
  const auto fill = [&](char* to, std::size_t size) {
    const std::size_t count = std::min({size, piece, text.size()});
    text.copy(to, count);
    text.remove_prefix(count);
    return count;
  };
  while (buffer.fill(fill)) {
    while (const auto line = buffer.next()) take(*line);
  }
  if (const auto line = buffer.take_rest()) take(*line);
  return lines;
}

}  // namespace
}  // namespace connfate::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace connfate::fuzz;
  if (size == 0) return 0;
  const std::size_t piece = data[0] % 40U + 1U;
  const std::string_view text = as_text(data + 1, size - 1);
  require(read(text, piece) == split(text), "pieces make no difference");
  return 0;
}

// SPDX-License-Identifier: Apache-2.0
#include "cli/log/input_kind.hpp"

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include "cli/log/line_buffer.hpp"
#include "cli/log/line_parser.hpp"
#include "cli/log/source.hpp"

namespace connfate::cli::log {

bool is_rereadable(const std::string& file) {
  std::error_code error;
  return file != "-" &&
         (std::filesystem::is_regular_file(file, error) || !std::filesystem::exists(file, error));
}

InputKind input_kind_of(const std::string& file) {
  static constexpr std::size_t kLookedAt = 65536;
  InputKind kind;
  try {
    const auto source = open_source(file);
    LineBuffer lines(kLookedAt);
    LineParser parser;
    Record record;
    const auto look = [&](const LineBuffer::Line& line) {
      parser.parse(line.text, record);
      kind.has_witness_lines = kind.has_witness_lines || record.kind == Kind::kWitness;
      kind.has_requests = kind.has_requests || record.is_request();
    };
    std::size_t looked_at = 0;
    const auto read = [&](char* to, std::size_t size) {
      const std::size_t count = source->read(to, std::min(size, kLookedAt - looked_at));
      looked_at += count;
      return count;
    };
    while (looked_at < kLookedAt && lines.fill(read)) {
      while (const auto line = lines.next()) look(*line);
    }
    if (const auto rest = lines.take_rest()) look(*rest);
  } catch (const std::runtime_error&) {
    // The reader says so when the file's turn comes.
  }
  return kind;
}

}  // namespace connfate::cli::log

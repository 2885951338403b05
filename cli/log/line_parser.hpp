// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides LineParser: one line of text to a Record, whatever its format. Used by the reader and by
// the fuzzer. One parser serves many lines, and allocates only while it grows.
// The views of a Record point into the line and into the parser, until the next parse().

#include <memory>

#include "cli/log/record.hpp"

namespace connfate::cli::log {

class JsonLineParser;

class LineParser {
 public:
  LineParser();
  ~LineParser();

  /// Sets everything of `record` but where it came from (source, line, cut).
  void parse(std::string_view line, Record& record);

 private:
  std::unique_ptr<JsonLineParser> json_;
};

/// Whether the line claims to be one of connfate-witness. Cheap: it looks at the start only.
bool looks_like_witness_line(std::string_view line) noexcept;

/// Whether the name of that field stands in it at all. Cheap, too: nothing is parsed.
bool may_name_node(std::string_view line) noexcept;

}  // namespace connfate::cli::log

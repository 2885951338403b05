// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Parsed: one line through the real parser, kept together with the text it points into.
// For the tests of the readers.

#include <string>

#include "cli/log/line_parser.hpp"

namespace connfate::cli::log {

struct Parsed {
  explicit Parsed(std::string line) : text(std::move(line)) { parser.parse(text, record); }
  const Record* operator->() const noexcept { return &record; }

  std::string text;
  LineParser parser;
  Record record;
};

/// "2026-11-24T07:59:18Z" as seconds since 1970, in the lines of the tests.
inline constexpr std::int64_t kNow = 1'795'507'158;

inline std::int64_t seconds(const Record& record) {
  return record.time ? record.time->time_since_epoch().count() / 1'000'000 : -1;
}

}  // namespace connfate::cli::log

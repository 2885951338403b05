// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides StoryLine: one line of an access log or of the witness, as far as the story of a
// connection needs it. Used by the story. Values are the log's own text: what a client wrote in
// them is escaped where it is printed.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/log/log_time.hpp"

namespace connfate::cli {

struct StoryLine {
  enum class Source : std::uint8_t { kLog, kWitness };

  Source source = Source::kLog;
  std::optional<log::LogTime> time;
  std::map<std::string, std::string, std::less<>> values;  ///< fields and keys; none is "-"
  std::vector<std::string> evidence;
  std::vector<std::string> evidence_rules;

  /// Empty when the line has no such value.
  std::string_view get(std::string_view name) const;
};

/// An access-log line with a connfate bundle (plain or JSON), or a JSON line of the witness about a
/// response or a connection; nullopt for every other line.
std::optional<StoryLine> parse_story_line(std::string_view line);

}  // namespace connfate::cli

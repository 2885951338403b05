// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the renderers: a Summary as text for people, as a page with charts, as JSON, as CSV.
// They arrange, and decide nothing. Used by the command.

#include <string>
#include <vector>

#include "cli/report/judge/summary.hpp"

namespace connfate::cli::report {

struct TextOptions {
  bool colours = false;
  std::size_t columns = 100;
  std::size_t most_rows = 5;  ///< of each table of groups
  std::size_t rows = 0;       ///< of the screen: what is longer ends with the verdict; 0: no screen
};

std::string to_text(const Summary& summary, const TextOptions& options);

/// What a page needs to be understood without the command that made it.
struct PageOptions {
  std::string made{};                    ///< when; empty: not told
  std::vector<std::string> inputs{};     ///< the files' names
  std::vector<std::string> selection{};  ///< --where, --since, --until as they were given
};

/// One page that needs nothing else: style, script, chart library and figures are in it.
std::string to_html(const Summary& summary, const PageOptions& options);

/// One object, with a line break behind it. Keys are only ever added.
std::string to_json(const Summary& summary);

/// One table: section,name,key,value. Sections: lines, fate, by, timeline, change, group, duration,
/// silence, size, finding.
std::string to_csv(const Summary& summary);

}  // namespace connfate::cli::report

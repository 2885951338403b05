// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides HelpFormatter: CLI11's help in lines of the terminal's width, which CLI11 itself (2.1 to
// 2.4) does not break. Used by main, for every subcommand.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <string>
#include <string_view>

#include "cli/terminal.hpp"
#include "cli/wrapped.hpp"

namespace connfate::cli {

/// Descriptions stay in their column.
inline std::string wrapped_help(std::string_view help, std::size_t columns) {
  constexpr std::size_t kDescriptions = 30;
  std::string out;
  while (!help.empty()) {
    const std::string_view line = help.substr(0, help.find('\n'));
    help.remove_prefix(std::min(line.size() + 1, help.size()));
    const auto text = std::min(line.find_first_not_of(' '), line.size());
    const bool has_column = line.size() > kDescriptions && line[kDescriptions - 1] == ' ' &&
                            line[kDescriptions] != ' ' && text <= kDescriptions;
    const std::size_t head = has_column ? kDescriptions : text;
    if (line.size() <= columns) {
      out.append(line).append("\n");
    } else {
      out += wrapped(line.substr(head), columns, line.substr(0, head),
                     std::string(has_column ? head : head + 2, ' '));
    }
  }
  return out;
}

class HelpFormatter : public CLI::Formatter {
 public:
  std::string make_help(const CLI::App* app, std::string name,
                        CLI::AppFormatMode mode) const override {
    return wrapped_help(CLI::Formatter::make_help(app, std::move(name), mode),
                        terminal::text_columns());
  }
};

}  // namespace connfate::cli

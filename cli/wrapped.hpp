// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides wrapped(): a paragraph in lines of a terminal's width. Used by report and explain. A
// word that is longer than a line stands alone; widths count bytes, so the text has to be ASCII.

#include <algorithm>
#include <string>
#include <string_view>

namespace connfate::cli {

/// Lines of at most `columns`: the first behind `first`, every other behind `rest`.
inline std::string wrapped(std::string_view text, std::size_t columns, std::string_view first,
                           std::string_view rest) {
  std::string out;
  std::string line(first);
  bool is_empty = true;
  while (!text.empty()) {
    const auto space = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, space);
    text.remove_prefix(std::min(space + 1, text.size()));
    if (!is_empty && line.size() + 1 + word.size() > columns) {
      out.append(line).append("\n");
      line = rest;
      is_empty = true;
    }
    if (!is_empty) line += ' ';
    line += word;
    is_empty = false;
  }
  return out.append(line).append("\n");
}

}  // namespace connfate::cli

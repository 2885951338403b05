// SPDX-License-Identifier: Apache-2.0
#include "cli/explain/markdown.hpp"

#include <utility>

namespace connfate::cli {
namespace {

constexpr std::string_view kHeading = "## ";
constexpr std::string_view kItem = "- ";
constexpr std::string_view kIndent = "  ";

/// Takes the first line off `rest`, without its end.
std::string_view take_line(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
  return line;
}

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

/// Without emphasis and the targets of links.
std::string plain(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '`' || text[i] == '[') continue;
    if (text.substr(i).starts_with("](")) {
      i = std::min(text.find(')', i), text.size());
      continue;
    }
    if (text.substr(i).starts_with("**")) {
      ++i;
      continue;
    }
    out += text[i];
  }
  return out;
}

bool is_table(std::string_view line) {
  return line.starts_with('|');
}

bool is_ruler(std::string_view line) {
  return line.starts_with("|-");
}

std::vector<std::string> cells_of(std::string_view line) {
  std::vector<std::string> cells;
  line.remove_prefix(1);
  while (!line.empty()) {
    const std::size_t end = line.find('|');
    cells.push_back(plain(trimmed(line.substr(0, end))));
    line.remove_prefix(end == line.npos ? line.size() : end + 1);
  }
  return cells;
}

void append(std::string& text, std::string_view line) {
  if (!text.empty()) text += ' ';
  text += plain(trimmed(line));
}

/// Whether the heading's line is about `name`, with or without backquotes.
bool is_heading_of(std::string_view line, std::string_view name) {
  return line.starts_with(kHeading) && plain(trimmed(line.substr(kHeading.size()))) == name;
}

}  // namespace

std::string_view section_of(std::string_view page, std::string_view name) {
  std::string_view rest = page;
  while (!rest.empty()) {
    if (!is_heading_of(take_line(rest), name)) continue;
    const std::size_t next = rest.find("\n## ");
    return rest.substr(0, next);
  }
  return {};
}

std::vector<std::string> paragraphs_of(std::string_view section) {
  std::vector<std::string> paragraphs;
  std::string paragraph;
  bool in_list = false;
  const auto finish = [&] {
    if (!paragraph.empty()) paragraphs.push_back(std::exchange(paragraph, {}));
  };
  while (!section.empty()) {
    const std::string_view line = take_line(section);
    if (line.empty()) in_list = false;
    if (line.empty() || is_table(line)) finish();
    if (line.starts_with(kItem)) in_list = true;
    if (line.empty() || is_table(line) || in_list) continue;
    append(paragraph, line);
  }
  finish();
  return paragraphs;
}

std::vector<std::string> items_of(std::string_view section) {
  std::vector<std::string> items;
  bool in_list = false;
  while (!section.empty()) {
    const std::string_view line = take_line(section);
    if (line.starts_with(kItem)) {
      items.push_back(plain(trimmed(line.substr(kItem.size()))));
      in_list = true;
    } else if (in_list && line.starts_with(kIndent)) {
      append(items.back(), line);
    } else {
      in_list = false;
    }
  }
  return items;
}

std::optional<std::vector<std::string>> row_of(std::string_view section, std::string_view name) {
  while (!section.empty()) {
    const std::string_view line = take_line(section);
    if (!is_table(line) || is_ruler(line)) continue;
    std::vector<std::string> cells = cells_of(line);
    if (cells.front() == name) return cells;
  }
  return std::nullopt;
}

std::vector<std::string> row_names(std::string_view section) {
  std::vector<std::string> names;
  bool is_body = false;
  while (!section.empty()) {
    const std::string_view line = take_line(section);
    if (is_table(line) && is_body) names.push_back(cells_of(line).front());
    is_body = is_table(line) && (is_body || is_ruler(line));
  }
  return names;
}

}  // namespace connfate::cli

// SPDX-License-Identifier: Apache-2.0
// A request id leads to its cookie, and that to the whole connection: so files are read twice.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <functional>
#include <set>
#include <stdexcept>

#include "cli/explain/story.hpp"

namespace connfate::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostLines = 10'000;

bool is_word_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
}

/// `word` stands in the line, and not as a part of a longer word.
bool holds_word(std::string_view line, std::string_view word) {
  for (std::size_t at = line.find(word); at != line.npos; at = line.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    const bool begins = at == 0 || !is_word_character(line[at - 1]);
    if (begins && (end == line.size() || !is_word_character(line[end]))) return true;
  }
  return false;
}

std::ifstream open(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in.is_open()) {
    throw std::runtime_error(
        fmt::format("cannot read {}: {}", file.string(), std::strerror(errno)));
  }
  if (in.peek() == 0x1f) {
    throw std::runtime_error(
        fmt::format("{} is compressed: decompress it first, for example with "
                    "gunzip -k",
                    file.string()));
  }
  return in;
}

void visit_lines(std::span<const fs::path> files,
                 const std::function<void(const std::string&)>& on_line) {
  for (const fs::path& file : files) {
    std::ifstream in = open(file);
    for (std::string line; std::getline(in, line);) on_line(line);
  }
}

using Cookies = std::set<std::string, std::less<>>;

/// A client can write any word into its URI: a line that names the key in a field of its own counts
/// before one that only holds the word.
Cookies cookies_of(std::string_view key, std::span<const fs::path> files) {
  Cookies named, held;
  visit_lines(files, [&](const std::string& text) {
    if (!holds_word(text, key)) return;
    const auto line = parse_story_line(text);
    if (!line || line->get("cookie").empty()) return;
    const bool is_named = line->get("cookie") == key || line->get("request_id") == key;
    (is_named ? named : held).emplace(line->get("cookie"));
  });
  return named.empty() ? held : named;
}

bool belongs(const std::string& text, std::string_view key, const Cookies& cookies) {
  return holds_word(text, key) || std::ranges::any_of(cookies, [&text](const std::string& cookie) {
           return holds_word(text, cookie);
         });
}

/// Lines without a time keep their place behind those that have one.
bool is_earlier(const StoryLine& a, const StoryLine& b) {
  if (a.time && b.time) return *a.time < *b.time;
  return a.time.has_value() && !b.time;
}

}  // namespace

Story read_story(std::string_view key, std::span<const fs::path> files) {
  const auto cookies = cookies_of(key, files);
  Story story;
  visit_lines(files, [&](const std::string& text) {
    if (!belongs(text, key, cookies)) return;
    auto line = parse_story_line(text);
    if (!line) return;
    const bool without_cookie = line->get("cookie").empty() && holds_word(text, key);
    if (!without_cookie && !cookies.contains(line->get("cookie"))) return;
    if (story.lines.size() < kMostLines) {
      story.lines.push_back(std::move(*line));
    } else {
      ++story.left_out;
    }
  });
  std::ranges::stable_sort(story.lines, is_earlier);
  return story;
}

}  // namespace connfate::cli

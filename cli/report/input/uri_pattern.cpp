// SPDX-License-Identifier: Apache-2.0
#include "cli/report/input/uri_pattern.hpp"

#include <algorithm>

namespace connfate::cli::report {
namespace {

constexpr bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

bool is_id(std::string_view segment) noexcept {
  if (segment.empty()) return false;
  if (std::ranges::all_of(segment, is_digit)) return true;
  constexpr std::size_t kShortest = 16;
  return segment.size() >= kShortest && std::ranges::all_of(segment, [](char c) {
           return is_digit(c) || c == '-' || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
         });
}

/// Ends at the next slash.
std::string_view segment_at(std::string_view path, std::size_t start) noexcept {
  return path.substr(start, std::min(path.find('/', start), path.size()) - start);
}

}  // namespace

std::string_view path_of(std::string_view uri) noexcept {
  const std::string_view path = uri.substr(0, uri.find_first_of("?#"));
  return path.substr(0, kLongestPath);
}

std::string_view pattern_of(std::string_view uri, std::string& scratch) {
  const std::string_view path = path_of(uri);
  bool replaced = false;
  scratch.clear();
  for (std::size_t at = 0; at < path.size();) {
    const std::string_view segment = segment_at(path, at);
    const bool id = is_id(segment);
    replaced = replaced || id;
    scratch.append(id ? std::string_view("*") : segment);
    at += segment.size();
    if (at < path.size()) scratch += path[at++];
  }
  return replaced ? std::string_view(scratch) : path;
}

}  // namespace connfate::cli::report

// SPDX-License-Identifier: Apache-2.0
#include "cli/log/logfmt_line.hpp"

namespace connfate::cli::log {
namespace {

/// Cuts the value off the front: up to a space, or a whole quoted string with its quotes.
std::string_view take_value(std::string_view& rest) {
  std::size_t end = 0;
  if (rest.starts_with('"')) {
    end = 1;
    while (end < rest.size() && rest[end] != '"') end += rest[end] == '\\' ? 2 : 1;
    end = end < rest.size() ? end + 1 : rest.size();
  } else {
    end = rest.find(' ');
    if (end == rest.npos) end = rest.size();
  }
  const std::string_view value = rest.substr(0, end);
  rest.remove_prefix(end);
  return value;
}

}  // namespace

std::string logfmt_to_json(std::string_view line) {
  std::string json = "{";
  while (!line.empty()) {
    const auto equals = line.find_first_of("= ");
    if (equals == line.npos || line[equals] == ' ') {
      line.remove_prefix(equals == line.npos ? line.size() : equals + 1);
      continue;
    }
    const std::string_view key = line.substr(0, equals);
    line.remove_prefix(equals + 1);
    const std::string_view value = take_value(line);
    if (json.size() > 1) json += ',';
    json.append("\"").append(key).append("\":");
    if (value.starts_with('"')) {
      json.append(value);
    } else {
      json.append("\"").append(value).append("\"");
    }
  }
  return json + '}';
}

}  // namespace connfate::cli::log

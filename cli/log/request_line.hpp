// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides take_request(): "GET /path HTTP/1.1" to its words. Used by the readers of lines.

#include <string_view>

#include "cli/log/record.hpp"

namespace connfate::cli::log {

/// Sets method, uri, and host when the uri is absolute. False when the text is no request.
inline bool take_request(std::string_view text, Record& record) noexcept {
  const auto space = text.find(' ');
  if (space == text.npos || space == 0 || space > 20) return false;
  for (const char c : text.substr(0, space)) {
    if ((c < 'A' || c > 'Z') && c != '-' && c != '_') return false;
  }
  std::string_view uri = text.substr(space + 1);
  const auto version = uri.rfind(" HTTP/");
  if (version == uri.npos) return false;
  uri = uri.substr(0, version);
  record.method = text.substr(0, space);
  record.uri = uri;
  const auto scheme = uri.starts_with('/') ? uri.npos : uri.find("://");
  if (scheme != uri.npos) {
    const std::string_view rest = uri.substr(scheme + 3);
    const auto slash = rest.find('/');
    record.host = rest.substr(0, slash);
    record.uri = slash == rest.npos ? std::string_view("/") : rest.substr(slash);
  }
  return true;
}

}  // namespace connfate::cli::log

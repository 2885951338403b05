// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides to_fate(): the token of a fate back to the fate. Used by access_line and json_line, and
// by the filter.

#include <optional>
#include <string_view>

#include "connfate/fate.hpp"

namespace connfate::cli::log {

/// nullopt for a word that this version does not know.
inline std::optional<Fate> to_fate(std::string_view token) noexcept {
  for (int i = 0; i < kFateCount; ++i) {
    if (to_token(static_cast<Fate>(i)) == token) return static_cast<Fate>(i);
  }
  return std::nullopt;
}

}  // namespace connfate::cli::log

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

/// The fate of a line of ours, which also names a rule. A later version's server or witness may
/// know more fates: a word that is none of this version's is `unknown`, and no line without a fate.
inline std::optional<Fate> fate_of_line(std::string_view token, std::string_view rule) noexcept {
  const auto known = to_fate(token);
  if (known || rule.empty()) return known;
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz_0123456789";
  const bool is_word = !token.empty() && token.find_first_not_of(kLetters) == token.npos;
  return is_word ? std::optional(Fate::kUnknown) : std::nullopt;
}

}  // namespace connfate::cli::log

// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides one list of all rules that decide a fate: those of the log line, and those of the
// witness for responses and for connections. Used by the topics of fates and of rules.

#include <optional>
#include <string_view>
#include <vector>

#include "connfate/fate.hpp"

namespace connfate::cli {

struct ListedRule {
  enum class Table : std::uint8_t { kLog, kFinal, kConnection };

  std::string_view id;
  std::optional<Fate> fate;  ///< nullopt: the log-time fate stands
  std::string_view reason;
  Table table = Table::kLog;
};

/// In the order of the tables.
std::vector<ListedRule> all_rules();

}  // namespace connfate::cli

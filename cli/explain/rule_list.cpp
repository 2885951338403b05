// SPDX-License-Identifier: Apache-2.0
#include "cli/explain/rule_list.hpp"

#include "connfate/rules.hpp"
#include "witness/verdict/connection_verdict.hpp"
#include "witness/verdict/final_verdict.hpp"

namespace connfate::cli {

std::vector<ListedRule> all_rules() {
  using Table = ListedRule::Table;
  std::vector<ListedRule> all;
  for (const Rule& r : rules()) all.push_back({r.id, r.fate, r.reason, Table::kLog});
  for (const auto& r : witness::final_rules()) {
    all.push_back({r.id, r.fate, r.reason, Table::kFinal});
  }
  for (const auto& r : witness::connection_rules()) {
    all.push_back({r.id, r.fate, r.reason, Table::kConnection});
  }
  return all;
}

}  // namespace connfate::cli

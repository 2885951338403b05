// SPDX-License-Identifier: Apache-2.0
// docs/who_sent_the_rst.md against the code: every rule has its row, with its sentence and its
// weight, and no row is about anything else.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <string>

#include "witness/origin/rst_origin.hpp"
#include "witness/own_host/own_host.hpp"
#include "witness/silence/silence.hpp"

namespace connfate::witness {
namespace {

/// "| `P1` | sentence | weight |...": id to "sentence | weight".
std::map<std::string, std::string> read_rows() {
  std::map<std::string, std::string> rows;
  std::ifstream page(CONNFATE_RST_PAGE);
  for (std::string line; std::getline(page, line);) {
    const bool of_a_rule = line.size() > 3 && line.starts_with("| `") && std::isupper(line[3]) != 0;
    if (!of_a_rule) continue;
    const auto id_end = line.find('`', 3);
    const auto sentence = line.find(" | ") + 3;
    const auto weight = line.find(" | ", sentence) + 3;
    rows[line.substr(3, id_end - 3)] = line.substr(sentence, line.find(" |", weight) - sentence);
  }
  return rows;
}

TEST(RstPageTest, HasEveryRuleAndNoOther) {
  const auto rows = read_rows();
  EXPECT_EQ(rows.size(), own_host_rules().size() + origin_rules().size() + silence_rules().size());
  for (const auto rules : {own_host_rules(), origin_rules(), silence_rules()}) {
    for (const AttributionRule& rule : rules) {
      const auto row = rows.find(std::string(rule.id));
      ASSERT_NE(row, rows.end()) << rule.id;
      EXPECT_EQ(row->second,
                std::string(rule.meaning) + " | " + std::string(to_token(rule.weight)));
    }
  }
}

}  // namespace
}  // namespace connfate::witness

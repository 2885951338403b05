// SPDX-License-Identifier: Apache-2.0
// What has a row in a table of a page: parties, phases, closes; reasons and keys of the witness.
#include <array>

#include "cli/explain/markdown.hpp"
#include "cli/explain/pages.hpp"
#include "cli/explain/topics.hpp"

namespace connfate::cli {
namespace {

struct TokenTable {
  std::string_view (*page)() noexcept;
  std::string_view section;
  const char* kind;
};

constexpr std::array kTables{
    TokenTable{fates_page, "By", "a value of the field by: who ended it"},
    TokenTable{fates_page, "Phase", "a value of the field phase: how far the request had come"},
    TokenTable{fates_page, "Close", "a value of the field close: how the connection stood"},
    TokenTable{who_sent_the_rst_page, "Levels",
               "a confidence of the witness's line: what the attribution takes"},
    TokenTable{witness_page, "The line", "a key, or a reason, of the witness's line"},
};

}  // namespace

void add_token_topics(std::string_view word, std::vector<Explanation>& found) {
  for (const TokenTable& table : kTables) {
    const auto row = row_of(section_of(table.page(), table.section), word);
    if (!row || row->size() < 2 || word == "token") continue;
    Explanation topic{std::string(word), table.kind, {}};
    topic.add("Meaning", (*row)[1]);
    found.push_back(std::move(topic));
  }
}

std::vector<std::string> token_names() {
  std::vector<std::string> names;
  for (const TokenTable& table : kTables) {
    for (std::string& name : row_names(section_of(table.page(), table.section))) {
      if (name.find(',') == name.npos && name != "-") names.push_back(std::move(name));
    }
  }
  return names;
}

}  // namespace connfate::cli

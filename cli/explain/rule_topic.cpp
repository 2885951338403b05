// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "cli/explain/fate_topic.hpp"
#include "cli/explain/markdown.hpp"
#include "cli/explain/pages.hpp"
#include "cli/explain/rule_list.hpp"
#include "cli/explain/topics.hpp"
#include "witness/origin/rst_origin.hpp"
#include "witness/own_host/own_host.hpp"
#include "witness/silence/silence.hpp"

namespace connfate::cli {
namespace {

std::string kind_of(ListedRule::Table table) {
  switch (table) {
    case ListedRule::Table::kLog: return "a rule of the log line";
    case ListedRule::Table::kFinal: return "a rule of the witness, about a response";
    case ListedRule::Table::kConnection: return "a rule of the witness, about a connection";
  }
  return {};
}

Explanation explain(const ListedRule& rule) {
  Explanation topic{std::string(rule.id), kind_of(rule.table), {}};
  topic.add("It decides when", std::string(rule.reason));
  if (!rule.fate) {
    topic.add("The fate", "as it was logged");
    return topic;
  }
  FatePage page = read_fate_page(*rule.fate);
  topic.add("The fate", fmt::format("{}: {}", to_token(*rule.fate), page.meaning));
  topic.add("Who ended it", std::string(to_token(usual_by(*rule.fate))));
  topic.add("It does not say", std::move(page.not_said));
  topic.add("What next", page.next);
  return topic;
}

/// The example that the page gives, in its last column; silence rules have none.
std::string example_of(std::string_view id) {
  constexpr std::size_t kColumns = 4;
  const auto row = row_of(section_of(who_sent_the_rst_page(), "Rules about a reset"), id);
  return row && row->size() >= kColumns ? (*row)[kColumns - 1] : std::string();
}

Explanation explain(const witness::AttributionRule& rule, const char* kind,
                    std::string_view section) {
  Explanation topic{std::string(rule.id), kind, {}};
  topic.add("Observed", std::string(rule.meaning));
  topic.add("Weight of this rule alone", std::string(witness::to_token(rule.weight)));
  topic.add("The line says, for example", example_of(rule.id));
  topic.add("How it counts", paragraphs_of(section_of(who_sent_the_rst_page(), section)));
  topic.add("Never claimed",
            items_of(section_of(who_sent_the_rst_page(), "What is never claimed")));
  return topic;
}

}  // namespace

void add_rule_topics(std::string_view word, std::vector<Explanation>& found) {
  for (const ListedRule& rule : all_rules()) {
    if (rule.id == word) found.push_back(explain(rule));
  }
  for (const auto& rule : witness::origin_rules()) {
    if (rule.id != word) continue;
    found.push_back(explain(rule, "evidence about who sent a reset", "Rules about a reset"));
  }
  for (const auto& rule : witness::own_host_rules()) {
    if (rule.id != word) continue;
    found.push_back(explain(rule, "evidence about this host itself", "Rules about this host"));
  }
  for (const auto& rule : witness::silence_rules()) {
    if (rule.id != word) continue;
    found.push_back(explain(rule, "evidence about a silence", "Rules about a silence"));
  }
}

}  // namespace connfate::cli

// SPDX-License-Identifier: Apache-2.0
#include "cli/explain/fate_topic.hpp"

#include <fmt/format.h>

#include "cli/explain/markdown.hpp"
#include "cli/explain/pages.hpp"
#include "cli/explain/rule_list.hpp"
#include "cli/explain/topics.hpp"

namespace connfate::cli {
namespace {

constexpr std::string_view kEvidence = "Evidence: ";
constexpr std::string_view kElsewhere = "Elsewhere: ";
constexpr std::string_view kNext = "What next: ";

bool says_what_is_not_said(std::string_view text) {
  for (const std::string_view mark : {"not say", "not tell", "never means"}) {
    if (text.find(mark) != text.npos) return true;
  }
  return false;
}

/// The rest of `text` behind `mark`, into `out`; false when it begins otherwise.
bool takes(std::string_view text, std::string_view mark, std::string& out) {
  if (!text.starts_with(mark)) return false;
  out = text.substr(mark.size());
  return true;
}

std::string who_ended_it(Fate fate) {
  const std::string by(to_token(usual_by(fate)));
  const auto row = row_of(section_of(fates_page(), "By"), by);
  return row && row->size() > 1 ? fmt::format("{}: {}", by, (*row)[1]) : by;
}

std::vector<std::string> rules_of(Fate fate) {
  std::vector<std::string> texts;
  for (const ListedRule& rule : all_rules()) {
    if (rule.fate == fate) texts.push_back(fmt::format("{}: {}", rule.id, rule.reason));
  }
  return texts;
}

}  // namespace

FatePage read_fate_page(Fate fate) {
  FatePage page;
  for (std::string& text : paragraphs_of(section_of(fates_page(), to_token(fate)))) {
    if (text.starts_with("By: ") || text.starts_with("The witness, when")) continue;
    if (takes(text, kEvidence, page.evidence) || takes(text, kElsewhere, page.elsewhere) ||
        takes(text, kNext, page.next)) {
      continue;
    }
    if (page.meaning.empty()) {
      page.meaning = std::move(text);
    } else {
      (says_what_is_not_said(text) ? page.not_said : page.notes).push_back(std::move(text));
    }
  }
  return page;
}

std::optional<Fate> parse_fate(std::string_view token) noexcept {
  for (int i = 0; i < kFateCount; ++i) {
    if (to_token(static_cast<Fate>(i)) == token) return static_cast<Fate>(i);
  }
  return std::nullopt;
}

void add_fate_topics(std::string_view word, std::vector<Explanation>& found) {
  const auto fate = parse_fate(word);
  if (!fate) return;
  FatePage page = read_fate_page(*fate);
  Explanation topic{std::string(word), "a fate: what became of a response", {}};
  topic.add("Meaning", page.meaning);
  topic.add("Who ended it", who_ended_it(*fate));
  topic.add("It does not say", std::move(page.not_said));
  topic.add("Evidence", page.evidence);
  topic.add("Rules that decide it", rules_of(*fate));
  topic.add("Note", std::move(page.notes));
  topic.add("Elsewhere", page.elsewhere);
  topic.add("What next", page.next);
  found.push_back(std::move(topic));
}

}  // namespace connfate::cli

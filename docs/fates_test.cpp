// SPDX-License-Identifier: Apache-2.0
// docs/fates.md against the code: every fate has its heading, and under it stand exactly its rules,
// each with the sentence of its table, and the party that those rules name.

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "connfate/rules.hpp"
#include "witness/verdict/connection_verdict.hpp"
#include "witness/verdict/final_verdict.hpp"

namespace connfate {
namespace {

constexpr std::string_view kHeading = "## `";
constexpr std::string_view kItem = "- `";
constexpr std::string_view kItemEnd = "`: ";
constexpr std::string_view kContinuation = "  ";
constexpr std::string_view kBy = "By: `";

struct AnyRule {
  std::string_view id;
  Fate fate;
  std::string_view reason;
};

/// Those of the log line, and those of the witness that decide a fate of their own.
std::vector<AnyRule> all_rules() {
  std::vector<AnyRule> all;
  for (const Rule& rule : rules()) all.push_back({rule.id, rule.fate, rule.reason});
  for (const auto& rule : witness::final_rules()) {
    if (rule.fate) all.push_back({rule.id, *rule.fate, rule.reason});
  }
  for (const auto& rule : witness::connection_rules()) {
    all.push_back({rule.id, rule.fate, rule.reason});
  }
  return all;
}

/// What the page says about one fate.
struct Section {
  std::string by;
  std::map<std::string, std::string> rules;  ///< id to sentence
};

/// The text of `line` between `prefix` and the next backquote; empty when it starts otherwise.
std::string token_after(const std::string& line, std::string_view prefix) {
  if (!line.starts_with(prefix)) return {};
  return line.substr(prefix.size(), line.find('`', prefix.size()) - prefix.size());
}

/// Sections by the token of their heading. Within one, `- `id`: sentence` is a rule; the sentence
/// goes on in lines that are indented by two spaces.
std::map<std::string, Section> read_page() {
  std::map<std::string, Section> sections;
  Section* section = nullptr;
  std::string* sentence = nullptr;
  std::ifstream page(CONNFATE_FATES_PAGE);
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("## ")) {
      const std::string token = token_after(line, kHeading);
      section = token.empty() ? nullptr : &sections[token];
    }
    if (section == nullptr) continue;
    if (const auto by = token_after(line, kBy); !by.empty()) section->by = by;
    if (sentence != nullptr && line.starts_with(kContinuation)) {
      *sentence += line.substr(kContinuation.size() - 1);
      continue;
    }
    sentence = nullptr;
    const std::string id = token_after(line, kItem);
    if (id.empty() || line.substr(kItem.size() + id.size(), kItemEnd.size()) != kItemEnd) continue;
    sentence = &section->rules[id];
    *sentence = line.substr(kItem.size() + id.size() + kItemEnd.size());
  }
  return sections;
}

class FatesPage : public testing::Test {
 protected:
  std::map<std::string, Section> sections_ = read_page();
};

TEST_F(FatesPage, has_a_heading_for_every_fate_and_for_nothing_else) {
  for (int i = 0; i < kFateCount; ++i) {
    EXPECT_TRUE(sections_.contains(std::string(to_token(static_cast<Fate>(i)))))
        << to_token(static_cast<Fate>(i)) << " has no heading in docs/fates.md";
  }
  EXPECT_EQ(sections_.size(), static_cast<std::size_t>(kFateCount));
}

TEST_F(FatesPage, gives_every_rule_its_sentence_under_its_fate) {
  for (const AnyRule& rule : all_rules()) {
    const auto& listed = sections_[std::string(to_token(rule.fate))].rules;
    const auto found = listed.find(std::string(rule.id));
    ASSERT_NE(found, listed.end()) << rule.id << " is not listed under " << to_token(rule.fate);
    EXPECT_EQ(found->second, rule.reason) << "the sentence of " << rule.id;
  }
}

TEST_F(FatesPage, lists_no_rule_that_does_not_exist) {
  std::size_t listed = 0;
  for (const auto& [fate, section] : sections_) listed += section.rules.size();
  EXPECT_EQ(listed, all_rules().size());
}

TEST_F(FatesPage, names_the_party_that_the_rules_name) {
  for (const AnyRule& rule : all_rules()) {
    EXPECT_EQ(sections_[std::string(to_token(rule.fate))].by, to_token(usual_by(rule.fate)))
        << rule.id;
  }
}

}  // namespace
}  // namespace connfate

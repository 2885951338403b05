// SPDX-License-Identifier: Apache-2.0
#include "cli/explain/topics.hpp"

#include <algorithm>

#include "cli/explain/rule_list.hpp"
#include "connfate/fate.hpp"
#include "connfate/field.hpp"
#include "witness/origin/rst_origin.hpp"
#include "witness/silence/silence.hpp"

namespace connfate::cli {
namespace {

using AddTopics = void (*)(std::string_view, std::vector<Explanation>&);

constexpr AddTopics kKinds[] = {add_fate_topics, add_field_topics, add_rule_topics,
                                add_token_topics, add_errno_topics};

std::string with_case(std::string_view word, int (*change)(int)) {
  std::string changed(word);
  std::ranges::transform(changed, changed.begin(),
                         [change](unsigned char c) { return static_cast<char>(change(c)); });
  return changed;
}

/// The field's name out of a server's spelling of it.
std::string_view without_spelling(std::string_view word) {
  if (word == "$connfate") return "fate";
  for (const std::string_view prefix : {"$connfate_", "%{connfate:", "%{"}) {
    if (word.starts_with(prefix)) word.remove_prefix(prefix.size());
  }
  return word.substr(0, word.find('}'));
}

void add_all(std::string_view word, std::vector<Explanation>& found) {
  for (const AddTopics add : kKinds) add(word, found);
}

}  // namespace

std::vector<Explanation> find_topics(std::string_view word) {
  const std::string_view bare = without_spelling(word);
  std::vector<Explanation> found;
  add_all(bare, found);
  if (found.empty()) add_all(with_case(bare, ::tolower), found);
  if (found.empty()) add_all(with_case(bare, ::toupper), found);
  return found;
}

std::vector<std::string> topic_names() {
  std::vector<std::string> names = token_names();
  for (int i = 0; i < kFateCount; ++i) names.emplace_back(to_token(static_cast<Fate>(i)));
  for (const Field& field : fields()) names.emplace_back(field.name);
  for (const ListedRule& rule : all_rules()) names.emplace_back(rule.id);
  for (const auto& rule : witness::origin_rules()) names.emplace_back(rule.id);
  for (const auto& rule : witness::silence_rules()) names.emplace_back(rule.id);
  std::ranges::move(errno_names(), std::back_inserter(names));
  std::ranges::sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

}  // namespace connfate::cli

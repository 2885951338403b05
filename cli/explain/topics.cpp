// SPDX-License-Identifier: Apache-2.0
#include "cli/explain/topics.hpp"

#include <algorithm>

#include "cli/explain/rule_list.hpp"
#include "connfate/fate.hpp"
#include "connfate/field.hpp"
#include "witness/origin/rst_origin.hpp"
#include "witness/own_host/own_host.hpp"
#include "witness/silence/silence.hpp"

namespace connfate::cli {
namespace {

using AddTopics = void (*)(std::string_view, std::vector<Explanation>&);

constexpr AddTopics kKinds[] = {add_fate_topics,  add_field_topics, add_rule_topics,
                                add_token_topics, add_errno_topics, add_status_topics};

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

std::vector<std::string> fate_names() {
  std::vector<std::string> names;
  for (int i = 0; i < kFateCount; ++i) names.emplace_back(to_token(static_cast<Fate>(i)));
  return names;
}

std::vector<std::string> field_names() {
  std::vector<std::string> names;
  for (const Field& field : fields()) names.emplace_back(field.name);
  return names;
}

std::vector<std::string> rule_names() {
  std::vector<std::string> names;
  for (const ListedRule& rule : all_rules()) names.emplace_back(rule.id);
  for (const auto& rule : witness::own_host_rules()) names.emplace_back(rule.id);
  for (const auto& rule : witness::origin_rules()) names.emplace_back(rule.id);
  for (const auto& rule : witness::silence_rules()) names.emplace_back(rule.id);
  return names;
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : " ") + name;
  return text;
}

/// "fate=rst_received", "by=path", as they stand in a line; "retrans=5": the field.
std::string_view without_key(std::string_view word) {
  const auto equals = word.find('=');
  if (equals == word.npos) return word;
  const std::string_view key = word.substr(0, equals);
  std::string_view value = word.substr(equals + 1);
  while (value.ends_with(' ')) value.remove_suffix(1);
  const bool is_token = key == "fate" || key == "by" || key == "phase" || key == "close" ||
                        key == "rule" || key == "err" || key == "first" || key == "reason" ||
                        key == "confidence" || key == "status";
  if (value.empty()) return word;
  return is_token ? value : key;
}

}  // namespace

Explanation list_of_topics() {
  Explanation list{"words", "what `connfate explain` knows", {}};
  list.add("Fates", joined(fate_names()));
  list.add("Fields", joined(field_names()));
  list.add("Parties, phases, closes, reasons, keys of the witness's line", joined(token_names()));
  list.add("Rules", joined(rule_names()));
  list.add("Errnos", joined(errno_names()));
  list.add("HTTP statuses", joined(status_names()));
  list.add("And",
           "a whole line of an access log or of the witness, in quotes; a message of nginx's or "
           "httpd's error log; with files the cookie of a line.");
  return list;
}

std::vector<Explanation> find_topics(std::string_view word) {
  const std::string_view bare = without_key(without_spelling(word));
  std::vector<Explanation> found;
  add_all(bare, found);
  if (found.empty()) add_all(with_case(bare, ::tolower), found);
  if (found.empty()) add_all(with_case(bare, ::toupper), found);
  return found;
}

std::vector<std::string> topic_names() {
  std::vector<std::string> names = token_names();
  for (auto part : {fate_names(), field_names(), rule_names(), errno_names(), status_names()}) {
    std::ranges::move(part, std::back_inserter(names));
  }
  std::ranges::sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

}  // namespace connfate::cli

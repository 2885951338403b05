// SPDX-License-Identifier: Apache-2.0
#include "cli/explain/markdown.hpp"
#include "cli/explain/pages.hpp"
#include "cli/explain/topics.hpp"

#include "connfate/fate.hpp"
#include "connfate/field.hpp"

#include <fmt/format.h>

namespace connfate::cli {
namespace {

/// For the fields whose values are tokens: each with its meaning.
std::vector<std::string> values_of(std::string_view field) {
  const std::string_view heading = field == "by"      ? "By"
                                   : field == "phase" ? "Phase"
                                   : field == "close" ? "Close"
                                                      : "";
  const std::string_view section = section_of(fates_page(), heading);
  std::vector<std::string> values;
  for (const std::string& name : row_names(section)) {
    const auto row = row_of(section, name);
    if (row && row->size() > 1) values.push_back(fmt::format("{}: {}", name, (*row)[1]));
  }
  if (field != "fate") return values;
  for (int i = 0; i < kFateCount; ++i) values.emplace_back(to_token(static_cast<Fate>(i)));
  return values;
}

/// In the table of all fields each may lean on the row above; here it stands alone.
std::string meaning_of(const Field& field) {
  constexpr std::string_view kOfThose = "of those,";
  std::string_view meaning = field.meaning;
  if (!meaning.starts_with(kOfThose)) return std::string(meaning);
  meaning.remove_prefix(kOfThose.size());
  return fmt::format("of the bytes that this response wrote (`written`):{}", meaning);
}

std::string unit_of(const Field& field) {
  if (field.unit == "hops byte")
    return "hops that were left, as the packet's header has them (one byte)";
  return std::string(field.unit);
}

std::string spellings_of(std::string_view field) {
  const std::string nginx = field == "fate" ? "$connfate" : fmt::format("$connfate_{}", field);
  return fmt::format(
      "nginx {}; httpd %{{{}}}^CF in a log format, %{{connfate:{}}} in an expression", nginx, field,
      field);
}

}  // namespace

void add_field_topics(std::string_view word, std::vector<Explanation>& found) {
  const Field* field = find_field(word);
  if (field == nullptr) return;
  Explanation topic{std::string(word), "a field of the log line", {}};
  topic.add("Meaning", meaning_of(*field));
  topic.add("Unit", unit_of(*field));
  topic.add("Values", values_of(word));
  topic.add("Spelling", spellings_of(word));
  topic.add("When it is not known",
            "It is logged as \"-\" and left out of the bundle; it is never printed as 0 or -1.");
  found.push_back(std::move(topic));
}

}  // namespace connfate::cli

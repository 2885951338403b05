// SPDX-License-Identifier: Apache-2.0
#include "cli/explain/explanation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>

#include "cli/wrapped.hpp"

namespace connfate::cli {
namespace {

constexpr std::string_view kIndent = "  ";

std::string text_of(const Explanation& explanation, std::size_t columns) {
  std::string out = fmt::format("{}: {}\n", explanation.name, explanation.kind);
  for (const Paragraphs& part : explanation.parts) {
    out += fmt::format("\n{}\n", part.heading);
    for (const std::string& text : part.texts) out += wrapped(text, columns, kIndent, kIndent);
  }
  return out;
}

}  // namespace

void Explanation::add(std::string heading, std::vector<std::string> texts) {
  std::erase_if(texts, [](const std::string& text) { return text.empty(); });
  if (!texts.empty()) parts.push_back({std::move(heading), std::move(texts)});
}

std::string to_text(std::span<const Explanation> explanations, std::size_t columns) {
  std::string out;
  for (const Explanation& explanation : explanations) {
    if (!out.empty()) out += '\n';
    out += text_of(explanation, columns);
  }
  return out;
}

std::string to_json(std::span<const Explanation> explanations) {
  using Json = nlohmann::ordered_json;
  Json all = Json::array();
  for (const Explanation& explanation : explanations) {
    Json one{{"name", explanation.name}, {"kind", explanation.kind}};
    for (const Paragraphs& part : explanation.parts) one["parts"][part.heading] = part.texts;
    all.push_back(std::move(one));
  }
  return all.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace connfate::cli

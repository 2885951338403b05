// SPDX-License-Identifier: Apache-2.0
#include "cli/doctor/finding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/printable.hpp"

namespace connfate::cli {
std::string_view to_token(Level level) noexcept {
  switch (level) {
    case Level::kOk: return "ok";
    case Level::kWarning: return "warning";
    case Level::kProblem: return "problem";
  }
  return "problem";
}

std::string to_text(std::span<const Finding> findings) {
  std::string out;
  for (const Finding& finding : findings) {
    out += fmt::format("{:<8} {:<14} {}\n", to_token(finding.level), finding.about,
                       printable(finding.text));
    if (!finding.mend.empty()) out += fmt::format("{:<24}-> {}\n", "", printable(finding.mend));
  }
  return out;
}

std::string to_json(std::span<const Finding> findings) {
  using Json = nlohmann::ordered_json;
  Json json{{"level", to_token(worst_of(findings))}, {"findings", Json::array()}};
  for (const Finding& finding : findings) {
    Json one{{"level", to_token(finding.level)}, {"about", finding.about}, {"text", finding.text}};
    if (!finding.mend.empty()) one["mend"] = finding.mend;
    json["findings"].push_back(std::move(one));
  }
  json["v"] = 1;
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

int exit_code_of(Level level) noexcept {
  return static_cast<int>(level);
}

Level worst_of(std::span<const Finding> findings) noexcept {
  Level worst = Level::kOk;
  for (const Finding& finding : findings) worst = std::max(worst, finding.level);
  return worst;
}

}  // namespace connfate::cli

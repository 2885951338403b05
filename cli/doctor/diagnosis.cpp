// SPDX-License-Identifier: Apache-2.0
#include "cli/doctor/diagnosis.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/printable.hpp"
#include "cli/wrapped.hpp"

namespace connfate::cli {
std::string_view to_token(Level level) noexcept {
  switch (level) {
    case Level::kOk: return "ok";
    case Level::kWarning: return "warning";
    case Level::kProblem: return "problem";
  }
  return "problem";
}

std::string to_text(std::span<const Diagnosis> diagnoses, std::size_t columns) {
  const std::string indent(24, ' ');
  std::string out;
  for (const Diagnosis& diagnosis : diagnoses) {
    out +=
        wrapped(printable(diagnosis.text), columns,
                fmt::format("{:<8} {:<14} ", to_token(diagnosis.level), diagnosis.about), indent);
    if (!diagnosis.mend.empty()) {
      out += wrapped(printable(diagnosis.mend), columns, indent + "-> ", indent + "   ");
    }
  }
  return out;
}

std::string to_json(std::span<const Diagnosis> diagnoses) {
  using Json = nlohmann::ordered_json;
  Json json{{"level", to_token(worst_of(diagnoses))}, {"findings", Json::array()}};
  for (const Diagnosis& diagnosis : diagnoses) {
    Json one{
        {"level", to_token(diagnosis.level)}, {"about", diagnosis.about}, {"text", diagnosis.text}};
    if (!diagnosis.mend.empty()) one["mend"] = diagnosis.mend;
    json["findings"].push_back(std::move(one));
  }
  json["v"] = 1;
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

int exit_code_of(Level level) noexcept {
  return static_cast<int>(level);
}

Level worst_of(std::span<const Diagnosis> diagnoses) noexcept {
  Level worst = Level::kOk;
  for (const Diagnosis& diagnosis : diagnoses) worst = std::max(worst, diagnosis.level);
  return worst;
}

}  // namespace connfate::cli

// SPDX-License-Identifier: Apache-2.0
#include "witness/lines/event_line.hpp"

#include <nlohmann/json.hpp>

#include "witness/lines/line_keys.hpp"
#include "witness/lines/spelling.hpp"

namespace connfate::witness {
namespace {

using Json = nlohmann::ordered_json;

std::string key(LineKey which) {
  return std::string(name_of(which));
}

Json as_json(const EventLine& line) {
  Json json;
  json[key(LineKey::kEvent)] = line.event;
  json[key(LineKey::kTime)] = time_text(line.time);
  json[key(LineKey::kTs)] = seconds_of(line.time);
  if (auto node = node_of(line.identity); !node.empty())
    json[key(LineKey::kNode)] = std::move(node);
  if (auto boot = boot_of(line.identity); !boot.empty())
    json[key(LineKey::kBoot)] = std::move(boot);
  for (const auto& [name, value] : line.items) {
    std::visit([&json, at = std::string(name)](const auto& v) { json[at] = v; }, value);
  }
  json[key(LineKey::kVersion)] = 1;
  return json;
}

}  // namespace

std::string to_json(const EventLine& line) {
  return json_text(as_json(line));
}

std::string to_logfmt(const EventLine& line) {
  return logfmt_text(as_json(line));
}

}  // namespace connfate::witness

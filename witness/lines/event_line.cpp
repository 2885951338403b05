// SPDX-License-Identifier: Apache-2.0
#include "witness/lines/event_line.hpp"

#include <nlohmann/json.hpp>

#include "witness/lines/spelling.hpp"

namespace connfate::witness {
namespace {

using Json = nlohmann::ordered_json;

Json as_json(const EventLine& line) {
  Json json;
  json["event"] = line.event;
  json["time"] = time_text(line.time);
  for (const auto& [key, value] : line.items) {
    std::visit([&json, name = std::string(key)](const auto& v) { json[name] = v; }, value);
  }
  json["v"] = 1;
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

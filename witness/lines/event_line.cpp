// SPDX-License-Identifier: Apache-2.0
#include "witness/lines/event_line.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace connfate::witness {
namespace {

using Json = nlohmann::ordered_json;

std::string time_text(std::chrono::sys_time<std::chrono::microseconds> time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:06}Z",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)),
                     (time - seconds).count());
}

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

std::string text_of(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// A JSON string is a valid quoted logfmt value.
std::string logfmt_value(const Json& value) {
  std::string text = text_of(value);
  if (!value.is_string()) return text;
  const std::string bare = text.substr(1, text.size() - 2);
  return bare.empty() || bare.find_first_of(" =\"\\") != bare.npos ? text : bare;
}

}  // namespace

std::string to_json(const EventLine& line) {
  return text_of(as_json(line));
}

std::string to_logfmt(const EventLine& line) {
  const Json json = as_json(line);
  std::string out;
  for (const auto& [key, value] : json.items()) {
    out += fmt::format("{}{}={}", out.empty() ? "" : " ", key, logfmt_value(value));
  }
  return out;
}

}  // namespace connfate::witness

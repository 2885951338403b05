// SPDX-License-Identifier: Apache-2.0
#include "cli/explain/story_line.hpp"

#include <nlohmann/json.hpp>

#include "connfate/bundle.hpp"

namespace connfate::cli {
namespace {

using nlohmann::json;

void set(StoryLine& line, std::string_view name, std::string value) {
  if (!value.empty() && value != "-") line.values.insert_or_assign(std::string(name), value);
}

std::string text_of(const json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

std::vector<std::string> list_in(const json& object, const char* key) {
  std::vector<std::string> list;
  const auto found = object.find(key);
  if (found == object.end() || !found->is_array()) return list;
  for (const json& item : *found) list.push_back(text_of(item));
  return list;
}

void set_values(StoryLine& line, const json& object) {
  for (const auto& [key, value] : object.items()) {
    if (!value.is_structured() && !value.is_null()) set(line, key, text_of(value));
  }
  line.time = log::parse_log_time(line.get("time"));
}

/// A line that is the object of $connfate_json or %{json}^CF.
StoryLine access_line(const json& object) {
  StoryLine line;
  set_values(line, object);
  if (line.get("time").empty()) line.time = log::parse_log_time(line.get("ts"));
  return line;
}

std::optional<StoryLine> witness_line(const json& object) {
  const std::string event = object.value("event", json()).is_string()
                                ? object.at("event").get<std::string>()
                                : std::string();
  if (event != "response" && event != "connection") return std::nullopt;
  StoryLine line;
  line.source = StoryLine::Source::kWitness;
  set_values(line, object);
  line.evidence = list_in(object, "evidence");
  line.evidence_rules = list_in(object, "evidence_rules");
  return line;
}

/// Of a line in the common log format: [time] "METHOD uri PROTOCOL" status.
void set_common_values(StoryLine& line, std::string_view text) {
  const std::size_t bracket = text.find('[');
  if (bracket != text.npos) {
    line.time = log::parse_clf_time(text.substr(bracket + 1));
    if (!line.time) line.time = log::parse_iso_time(text.substr(bracket + 1));
  }
  const std::size_t quote = text.find('"', bracket == text.npos ? 0 : bracket);
  const std::size_t end = quote == text.npos ? quote : text.find('"', quote + 1);
  if (end == text.npos) return;
  const std::string_view request = text.substr(quote + 1, end - quote - 1);
  const std::size_t space = request.find(' ');
  set(line, "method", std::string(request.substr(0, space)));
  if (space != request.npos) {
    const std::string_view uri = request.substr(space + 1);
    set(line, "uri", std::string(uri.substr(0, uri.find_first_of(" ?"))));
  }
  constexpr std::size_t kStatus = 3;
  const std::string_view status = text.substr(std::min(end + 2, text.size()), kStatus);
  if (status.size() == kStatus && status.find_first_not_of("0123456789") == status.npos) {
    set(line, "status", std::string(status));
  }
  set(line, "client", std::string(text.substr(0, text.find(' '))));
}

void set_bundle(StoryLine& line, const Bundle& bundle) {
  for (const Field& field : fields()) set(line, field.name, std::string(bundle.get(field.name)));
}

}  // namespace

std::string_view StoryLine::get(std::string_view name) const {
  const auto found = values.find(name);
  return found == values.end() ? std::string_view() : found->second;
}

std::optional<StoryLine> parse_story_line(std::string_view text) {
  const json object = text.starts_with('{') ? json::parse(text, nullptr, false) : json();
  if (object.is_object() && object.contains("event")) {
    if (object["event"] != "access") return witness_line(object);
    return object.contains("fate") ? std::optional(access_line(object)) : std::nullopt;
  }
  const auto bundle = find_bundle(text);
  if (!bundle) return std::nullopt;
  StoryLine line;
  if (object.is_object()) {
    set_values(line, object);
    set(line, "client", std::string(line.get("remote_addr")));
  } else {
    set_common_values(line, text);
  }
  set_bundle(line, *bundle);
  return line;
}

}  // namespace connfate::cli

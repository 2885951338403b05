// SPDX-License-Identifier: Apache-2.0
#include "witness/lines/final_line.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "connfate/char_writer.hpp"

namespace connfate::witness {
namespace {

using Json = nlohmann::ordered_json;

std::string time_text(std::chrono::sys_time<std::chrono::microseconds> time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:06}Z",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)),
                     (time - seconds).count());
}

std::string address_text(const Endpoint& endpoint) {
  char buffer[kAddressSize];
  CharWriter out(buffer, sizeof(buffer));
  write_address(endpoint, out);
  return std::string(out.view());
}

std::string cookie_text(std::uint64_t cookie) {
  return fmt::format("{:016x}", cookie);
}

std::string_view to_token(CaptureHealth health) noexcept {
  switch (health) {
    case CaptureHealth::kOff: return "off";
    case CaptureHealth::kPartial: return "partial";
    case CaptureHealth::kComplete: return "complete";
  }
  return "off";
}

std::string_view event_name(FinalLine::About about) noexcept {
  return about == FinalLine::About::kResponse ? "response" : "connection";
}

void add_text(Json& json, const char* key, const std::string& value) {
  if (!value.empty()) json[key] = value;
}

/// What is not known is left out: never 0 and never -1.
template <typename T>
void add_number(Json& json, const char* key, const std::optional<T>& value) {
  if (value) json[key] = value->value;
}

void add_request(Json& json, const FinalLine& line) {
  add_text(json, "server", line.server);
  add_text(json, "method", line.method);
  add_text(json, "host", line.host);
  add_text(json, "uri", line.uri);
  if (line.status != 0) json["status"] = line.status;
  add_text(json, "request_id", line.request_id);
  if (line.duration) json["duration_ms"] = line.duration->count();
}

void add_flow(Json& json, const FinalLine& line) {
  json["client"] = address_text(line.flow.remote);
  json["client_port"] = line.flow.remote.port;
  json["local"] = address_text(line.flow.local);
  json["local_port"] = line.flow.local.port;
  if (line.cookie != 0) json["cookie"] = cookie_text(line.cookie);
}

void add_verdict(Json& json, const FinalLine& line) {
  if (line.first) json["first"] = connfate::to_token(*line.first);
  json["fate"] = connfate::to_token(line.fate);
  json["by"] = connfate::to_token(line.by);
  if (line.phase) json["phase"] = connfate::to_token(*line.phase);
  json["close"] = connfate::to_token(line.close);
  json["rule"] = line.rule;
  json["final"] = line.final;
  add_text(json, "reason", line.reason);
}

void add_figures(Json& json, const FinalLine& line) {
  add_number(json, "start", line.start);
  add_number(json, "end", line.end);
  add_number(json, "written", line.written);
  add_number(json, "acked", line.acked);
  add_number(json, "unacked", line.unacked);
  add_number(json, "refused", line.refused);
  add_number(json, "retrans", line.retrans);
  if (line.silence) json["silence_ms"] = line.silence->count();
  if (line.rtt) json["rtt_us"] = line.rtt->count();
  if (line.min_rtt) json["min_rtt_us"] = line.min_rtt->count();
  if (line.ttl) json["ttl"] = *line.ttl;
}

void add_attribution(Json& json, const FinalLine& line) {
  if (line.rst_from) json["rst_from"] = to_token(*line.rst_from);
  json["confidence"] = to_token(line.confidence);
  json["evidence"] = line.evidence;
  if (!line.evidence_rules.empty()) json["evidence_rules"] = line.evidence_rules;
  json["capture"] = to_token(line.capture);
  if (line.capture == CaptureHealth::kPartial) json["capture_lost"] = line.capture_lost;
  if (line.benign) json["benign"] = true;
}

Json as_json(const FinalLine& line) {
  Json json;
  json["event"] = event_name(line.about);
  json["time"] = time_text(line.time);
  add_request(json, line);
  add_flow(json, line);
  add_verdict(json, line);
  add_figures(json, line);
  add_attribution(json, line);
  json["v"] = 1;
  return json;
}

bool needs_quotes(std::string_view text) noexcept {
  return text.empty() || text.find_first_of(" =\"\\") != text.npos;
}

/// JSON lets DEL stand as it is; a terminal need not.
std::string dump(const Json& value) {
  std::string text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
  for (auto at = text.find('\x7f'); at != std::string::npos; at = text.find('\x7f', at)) {
    text.replace(at, 1, "\\u007f");
  }
  return text;
}

/// A JSON string is a valid quoted logfmt value, so one escaper serves both.
std::string logfmt_value(const Json& value) {
  if (!value.is_string()) return dump(value);
  const std::string quoted = dump(value);
  const std::string_view bare(quoted.data() + 1, quoted.size() - 2);
  return needs_quotes(bare) ? quoted : std::string(bare);
}

std::string joined(const Json& list) {
  std::string all;
  for (const auto& item : list) {
    if (!all.empty()) all += "; ";
    all += item.get<std::string>();
  }
  return all;
}

}  // namespace

std::string to_json(const FinalLine& line) {
  return dump(as_json(line));
}

std::string to_logfmt(const FinalLine& line) {
  std::string out;
  const Json json = as_json(line);
  for (const auto& [key, value] : json.items()) {
    if (!out.empty()) out += ' ';
    out += key;
    out += '=';
    out += logfmt_value(value.is_array() ? Json(joined(value)) : value);
  }
  return out;
}

}  // namespace connfate::witness

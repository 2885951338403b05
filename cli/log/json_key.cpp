// SPDX-License-Identifier: Apache-2.0
#include "cli/log/json_key.hpp"

#include <unordered_map>

#include "cli/log/log_time.hpp"
#include "cli/log/number.hpp"
#include "cli/log/request_line.hpp"
#include "witness/lines/line_keys.hpp"

namespace connfate::cli::log {
namespace {

using witness::LineKey;

using Setter = void (*)(Record&, std::string_view);

template <std::string_view Record::*Member>
void set_text(Record& record, std::string_view value) {
  record.*Member = value;
}

template <std::string_view WitnessWords::*Member>
void set_word(Record& record, std::string_view value) {
  record.witness.*Member = value;
}

void set_time(Record& record, std::string_view value) {
  if (!record.time) record.time = parse_log_time(value);
}

template <int Micros>
void set_duration(Record& record, std::string_view value) {
  if (Micros == 1'000'000) {
    record.duration = parse_seconds(value);
  } else if (const auto count = parse_number(value); count && *count < 1'000'000'000'000) {
    record.duration = std::chrono::microseconds(*count * Micros);
  }
}

/// A statement of the evidence, or all of them, joined by "; " as in logfmt. Rule D4's is kept.
void set_evidence(Record& record, std::string_view value) {
  constexpr std::string_view kShared = " fell silent within a minute while ";
  constexpr std::string_view kJoint = "; ";
  const auto at = value.find(kShared);
  if (at == value.npos) return;
  const auto before = value.rfind(kJoint, at);
  const std::size_t begin = before == value.npos ? 0 : before + kJoint.size();
  record.witness.shared_silence = value.substr(begin, value.find(kJoint, at) - begin);
}

void set_bundle(Record& record, std::string_view value) {
  record.bundle = find_bundle(value);
}

const std::unordered_map<std::string_view, Setter>& setters() {
  static const std::unordered_map<std::string_view, Setter> table = {
      {name_of(LineKey::kTime), set_time},
      {"time_iso8601", set_time},
      {"time_local", set_time},
      {"timestamp", set_time},
      {"@timestamp", set_time},
      {"ts", set_time},
      {"msec", set_time},
      {"remote_addr", set_text<&Record::client>},
      {name_of(LineKey::kClient), set_text<&Record::client>},
      {name_of(LineKey::kClientPort), set_text<&Record::client_port>},
      {"client_ip", set_text<&Record::client>},
      {"remote_ip", set_text<&Record::client>},
      {name_of(LineKey::kHost), set_text<&Record::host>},
      {"http_host", set_text<&Record::host>},
      {"vhost", set_text<&Record::host>},
      {name_of(LineKey::kServer), set_text<&Record::server>},
      {"server_name", set_text<&Record::server>},
      {name_of(LineKey::kMethod), set_text<&Record::method>},
      {"request_method", set_text<&Record::method>},
      {name_of(LineKey::kUri), set_text<&Record::uri>},
      {"request_uri", set_text<&Record::uri>},
      {"path", set_text<&Record::uri>},
      {"request", [](Record& record, std::string_view value) { take_request(value, record); }},
      {name_of(LineKey::kStatus), set_text<&Record::status>},
      {"bytes", set_text<&Record::bytes>},
      {"bytes_sent", set_text<&Record::bytes>},
      {"body_bytes_sent", set_text<&Record::bytes>},
      {name_of(LineKey::kRequestId), set_text<&Record::request_id>},
      {"request_time", set_duration<1'000'000>},
      {name_of(LineKey::kDurationMs), set_duration<1'000>},
      {"duration_us", set_duration<1>},
      {"connfate", set_bundle},
      {"connfate_log", set_bundle},
      {name_of(LineKey::kEvent), set_word<&WitnessWords::event>},
      {name_of(LineKey::kFirst), set_word<&WitnessWords::first>},
      {name_of(LineKey::kReason), set_word<&WitnessWords::reason>},
      {name_of(LineKey::kRstFrom), set_word<&WitnessWords::rst_from>},
      {name_of(LineKey::kConfidence), set_word<&WitnessWords::confidence>},
      {name_of(LineKey::kCapture), set_word<&WitnessWords::capture>},
      {name_of(LineKey::kEvidence), set_evidence},
      {"log", set_word<&WitnessWords::log>},
      {name_of(LineKey::kFinal),
       [](Record& record, std::string_view value) { record.witness.final = value == "true"; }},
      {name_of(LineKey::kBenign),
       [](Record& record, std::string_view value) { record.witness.benign = value == "true"; }},
  };
  return table;
}

}  // namespace

void set_member(Record& record, std::string_view key, std::string_view value) {
  if (value.empty() || value == "-") return;
  const auto setter = setters().find(key);
  if (setter != setters().end()) {
    setter->second(record, value);
    return;
  }
  constexpr std::string_view kPrefix = "connfate_";
  if (key.starts_with(kPrefix)) key.remove_prefix(kPrefix.size());
  if (const Field* field = find_field(key)) {
    record.fields[static_cast<std::size_t>(field->id)] = value;
  }
}

}  // namespace connfate::cli::log

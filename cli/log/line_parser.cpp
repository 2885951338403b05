// SPDX-License-Identifier: Apache-2.0
#include "cli/log/line_parser.hpp"

#include "cli/log/access_line.hpp"
#include "cli/log/json_line.hpp"
#include "cli/log/logfmt_line.hpp"

namespace connfate::cli::log {
namespace {

constexpr std::string_view kWitnessJson = "{\"event\":";
constexpr std::string_view kWitnessLogfmt = "event=";

/// Only what parse() may have set: the arrays are large.
void clear(Record& record) {
  const std::string_view source = record.source;
  const std::uint64_t line = record.line;
  const bool cut = record.cut;
  record = Record{};
  record.source = source;
  record.line = line;
  record.cut = cut;
}

}  // namespace

LineParser::LineParser() : json_(std::make_unique<JsonLineParser>()) {}
LineParser::~LineParser() = default;

void LineParser::parse(std::string_view line, Record& record) {
  clear(record);
  record.raw = line;
  if (line.starts_with('{')) {
    json_->parse(line, record);
  } else if (line.starts_with(kWitnessLogfmt)) {
    json_->parse(logfmt_to_json(line), record);
  }
  if (record.kind != Kind::kUnparsable) return;
  clear(record);  // of what was read before it turned out to be none
  record.raw = line;
  if (!line.starts_with('{')) parse_access_line(line, record);
}

bool may_name_node(std::string_view line) noexcept {
  return line.find("node") != line.npos;
}

bool looks_like_witness_line(std::string_view line) noexcept {
  return line.starts_with(kWitnessJson) || line.starts_with(kWitnessLogfmt);
}

}  // namespace connfate::cli::log

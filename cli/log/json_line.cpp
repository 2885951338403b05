// SPDX-License-Identifier: Apache-2.0
#include "cli/log/json_line.hpp"

#include <simdjson.h>

#include <algorithm>

#include "cli/log/fate_word.hpp"
#include "cli/log/json_key.hpp"

namespace connfate::cli::log {
namespace {

namespace ondemand = simdjson::ondemand;

/// The text of a value: strings unescaped, figures and booleans as they stand. Others are empty.
std::string_view text_of(ondemand::value value) {
  switch (value.type()) {
    case ondemand::json_type::string: return value.get_string();
    case ondemand::json_type::number:
    case ondemand::json_type::boolean: {
      std::string_view text = value.raw_json_token();
      while (text.ends_with(' ')) text.remove_suffix(1);
      return text;
    }
    case ondemand::json_type::null:
    case ondemand::json_type::array:
    case ondemand::json_type::object: break;
  }
  return {};
}

Kind kind_of(const Record& record) {
  const std::string_view event = record.witness.event;
  if ((event == "response" || event == "connection") && record.fate) return Kind::kWitness;
  if (event.starts_with("witness_") || event == "loss") return Kind::kDaemon;
  if (record.fate) return Kind::kJson;
  const bool is_request = !record.uri.empty() || !record.method.empty() || !record.status.empty();
  return is_request ? Kind::kNoFate : Kind::kUnparsable;
}

}  // namespace

struct JsonLineParser::Simdjson {
  ondemand::parser parser;
};

JsonLineParser::JsonLineParser() : simdjson_(std::make_unique<Simdjson>()) {}
JsonLineParser::~JsonLineParser() = default;

bool JsonLineParser::read_members(Record& record) {
  try {
    ondemand::document document = simdjson_->parser.iterate(padded_.data(), size_, padded_.size());
    for (auto member : document.get_object()) {
      const std::string_view key = member.unescaped_key();
      ondemand::value value = member.value();
      if (key == "evidence" && value.type() == ondemand::json_type::array) {
        for (auto item : value.get_array()) set_member(record, key, text_of(item.value()));
      } else {
        set_member(record, key, text_of(value));
      }
    }
    return document.current_location().error() == simdjson::OUT_OF_BOUNDS;  // nothing behind it
  } catch (const simdjson::simdjson_error&) {
    return false;
  }
}

void JsonLineParser::parse(std::string_view line, Record& record) {
  size_ = line.size();
  if (padded_.size() < size_ + simdjson::SIMDJSON_PADDING) {
    padded_.resize(size_ + simdjson::SIMDJSON_PADDING);
  }
  line.copy(padded_.data(), size_);
  // simdjson may look at what stands behind a malformed line: not at the line before.
  std::fill_n(padded_.begin() + static_cast<std::ptrdiff_t>(size_), simdjson::SIMDJSON_PADDING,
              '\0');
  if (!simdjson::validate_utf8(padded_.data(), size_)) {
    for (char& c : padded_) {
      if (static_cast<unsigned char>(c) >= 0x80) c = '?';
    }
  }
  if (!read_members(record)) {
    record.kind = Kind::kUnparsable;
    return;
  }
  record.fate = fate_of_line(record.field(FieldId::kFate), record.field(FieldId::kRule));
  record.kind = kind_of(record);
}

}  // namespace connfate::cli::log

// SPDX-License-Identifier: Apache-2.0
#include "witness/schema.hpp"

#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

namespace connfate::witness {
namespace {

using Adapter = valijson::adapters::NlohmannJsonAdapter;

void parse_schema(valijson::Schema& schema) {
  std::ifstream file(CONNFATE_LINE_SCHEMA);
  if (!file) throw std::runtime_error("no schema at " CONNFATE_LINE_SCHEMA);
  const auto document = nlohmann::json::parse(file);
  valijson::SchemaParser parser;
  parser.populateSchema(Adapter(document), schema);
}

std::string text_of(const valijson::ValidationResults::Error& error) {
  std::string text;
  for (const auto& part : error.context) text += part;
  return text + ": " + error.description;
}

}  // namespace

std::vector<std::string> schema_complaints(const std::string& json_line) {
  valijson::Schema schema;
  parse_schema(schema);
  const auto line = nlohmann::json::parse(json_line, nullptr, false);
  if (line.is_discarded()) return {"no JSON: " + json_line};
  valijson::Validator validator;
  valijson::ValidationResults results;
  std::vector<std::string> complaints;
  if (validator.validate(schema, Adapter(line), &results)) return complaints;
  valijson::ValidationResults::Error error;
  while (results.popError(error)) complaints.push_back(text_of(error));
  return complaints;
}

}  // namespace connfate::witness

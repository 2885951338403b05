// SPDX-License-Identifier: Apache-2.0
#include "lab/yaml_words.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace connfate::lab {
namespace {

ExpectedLine line_of(const YAML::Node& node) {
  if (!node.IsMap()) refuse(node, "a line is described by its fields, {fate: delivered}");
  ExpectedLine line;
  for (const auto& entry : node) {
    if (entry.first.as<std::string>() == "evidence") {
      line.evidence = words_of(entry.second);
    } else {
      line.fields.push_back(rule_of(entry.first, entry.second));
    }
  }
  return line;
}

}  // namespace

void refuse(const YAML::Node& node, const std::string& words) {
  throw std::runtime_error(fmt::format("line {}: {}", node.Mark().line + 1, words));
}

std::vector<std::string> words_of(const YAML::Node& node) {
  if (node.IsScalar()) return {node.as<std::string>()};
  if (!node.IsSequence()) refuse(node, "a word or a list of words is needed here");
  return node.as<std::vector<std::string>>();
}

FieldRule rule_of(const YAML::Node& name, const YAML::Node& values) {
  return {name.as<std::string>(), words_of(values)};
}

std::vector<ExpectedLine> lines_of(const YAML::Node& node) {
  std::vector<ExpectedLine> lines;
  if (node.IsScalar() && node.as<std::string>() == "none") return lines;
  if (node.IsMap()) return {line_of(node)};
  for (const YAML::Node& line : node) lines.push_back(line_of(line));
  return lines;
}

}  // namespace connfate::lab

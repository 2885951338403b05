// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the small pieces of which a story's file is read: one word or several, a word of a given
// list, the lines that connfate must say. Used by story.cpp.
// Failure: std::runtime_error with the line and what would have been right.

#include <yaml-cpp/yaml.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "lab/promise.hpp"
#include "lab/word_table.hpp"

namespace connfate::lab {

[[noreturn]] void refuse(const YAML::Node& node, const std::string& words);

/// A word alone counts as a list of one.
std::vector<std::string> words_of(const YAML::Node& node);

FieldRule rule_of(const YAML::Node& name, const YAML::Node& values);

/// `none`, one line, or several.
std::vector<ExpectedLine> lines_of(const YAML::Node& node);

template <typename Value>
Value look_up(const WordTable<Value>& table, const YAML::Node& word) {
  try {
    return look_up(table, word.as<std::string>());
  } catch (const std::runtime_error& error) {
    refuse(word, error.what());
  }
}

/// One word or several; `otherwise` when there is none.
template <typename Value>
std::vector<Value> choices(const YAML::Node& node, const WordTable<Value>& table,
                           std::vector<Value> otherwise) {
  if (!node) return otherwise;
  if (node.IsScalar()) return {look_up(table, node)};
  std::vector<Value> result;
  for (const YAML::Node& word : node) result.push_back(look_up(table, word));
  return result;
}

}  // namespace connfate::lab

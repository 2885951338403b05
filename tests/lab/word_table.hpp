// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides how words of a story become values: one of a list, or a number. Failure:
// std::runtime_error that names what would have been right.

#include <charconv>
#include <map>
#include <stdexcept>
#include <string>

namespace connfate::lab {

template <typename Value>
using WordTable = std::map<std::string, Value>;

template <typename Value>
Value look_up(const WordTable<Value>& table, const std::string& word) {
  const auto found = table.find(word);
  if (found != table.end()) return found->second;
  std::string known;
  for (const auto& [name, value] : table) known += (known.empty() ? "" : ", ") + name;
  throw std::runtime_error("'" + word + "' is none of: " + known);
}

template <typename Number>
Number number_in(const std::string& word) {
  Number value{};
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error == std::errc() && end == word.data() + word.size()) return value;
  throw std::runtime_error("'" + word + "' is no number");
}

}  // namespace connfate::lab

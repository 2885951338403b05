// SPDX-License-Identifier: Apache-2.0
#include "lab/field_rule.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace connfate::lab {
namespace {

std::optional<double> to_number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// `wanted` is "< 5" or "> written".
bool compares(std::string_view wanted, const std::string& value, const FieldOf& field_of) {
  const std::string_view limit_text = wanted.substr(2);
  auto limit = to_number(limit_text);
  if (!limit) limit = to_number(field_of(limit_text));
  const auto number = to_number(value);
  if (!number || !limit) return false;
  return wanted.front() == '<' ? *number < *limit : *number > *limit;
}

}  // namespace

bool holds(const FieldRule& rule, const FieldOf& field_of) {
  const std::string value = field_of(rule.name);
  return std::ranges::any_of(rule.values, [&](const std::string& wanted) {
    const bool relation = wanted.starts_with("< ") || wanted.starts_with("> ");
    return relation ? compares(wanted, value, field_of) : wanted == value;
  });
}

std::string to_words(const FieldRule& rule) {
  return fmt::format("{} = {}", rule.name, fmt::join(rule.values, " or "));
}

}  // namespace connfate::lab

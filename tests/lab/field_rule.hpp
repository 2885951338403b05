// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides what a story says about one field of a line: `rst_received`, `[path, unknown]`, `> 0`,
// `[< written, -]` (another field, or not known).

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace connfate::lab {

/// Value of a field as text; "-" when the line does not have it.
using FieldOf = std::function<std::string(std::string_view name)>;

struct FieldRule {
  std::string name;
  /// One must fit: a text, or "< " or "> " and a number or the name of another field.
  std::vector<std::string> values;
};

bool holds(const FieldRule& rule, const FieldOf& field_of);

/// "by = path or unknown", for messages.
std::string to_words(const FieldRule& rule);

}  // namespace connfate::lab

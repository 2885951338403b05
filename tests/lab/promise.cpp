// SPDX-License-Identifier: Apache-2.0
#include "lab/promise.hpp"

#include <algorithm>

namespace connfate::lab {
namespace {

template <typename T>
bool allows(const std::vector<T>& choice, const T& value) {
  return choice.empty() || std::ranges::find(choice, value) != choice.end();
}

bool is_about(const Exception& exception, const Way& way) {
  return allows(exception.servers, way.kind) && allows(exception.protocols, way.protocol) &&
         allows(exception.rtts_ms, way.rtt_ms);
}

void merge(ExpectedLine& line, const ExpectedLine& other) {
  for (const FieldRule& rule : other.fields) {
    const auto same = std::ranges::find(line.fields, rule.name, &FieldRule::name);
    if (same != line.fields.end()) {
      *same = rule;
    } else {
      line.fields.push_back(rule);
    }
  }
  if (!other.evidence.empty()) line.evidence = other.evidence;
}

void merge(std::vector<ExpectedLine>& lines,
           const std::optional<std::vector<ExpectedLine>>& others) {
  if (!others) return;
  lines.resize(others->size());
  for (std::size_t i = 0; i < lines.size(); ++i) merge(lines[i], (*others)[i]);
}

}  // namespace

const FieldRule* ExpectedLine::find(std::string_view name) const {
  const auto found = std::ranges::find(fields, name, &FieldRule::name);
  return found == fields.end() ? nullptr : &*found;
}

Promise promise_for(const Way& way, Promise usual, const std::vector<Exception>& exceptions) {
  for (const Exception& exception : exceptions) {
    if (!is_about(exception, way)) continue;
    merge(usual.log, exception.log);
    merge(usual.final, exception.final);
  }
  return usual;
}

}  // namespace connfate::lab

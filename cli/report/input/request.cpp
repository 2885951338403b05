// SPDX-License-Identifier: Apache-2.0
#include "cli/report/input/request.hpp"

#include "cli/report/input/fate_counts.hpp"

namespace connfate::cli::report {

By to_by(std::string_view token, Fate fate) noexcept {
  if (token.empty()) return usual_by(fate);
  for (std::size_t i = 0; i < kByCount; ++i) {
    if (to_token(static_cast<By>(i)) == token) return static_cast<By>(i);
  }
  return By::kUnknown;
}

Request make_request(const log::Record& record, const LastWord* last_word) noexcept {
  if (last_word != nullptr) return {&record, last_word, last_word->fate, last_word->by};
  const Fate fate = record.fate.value_or(Fate::kUnknown);
  // Most responses are these two, whose `by` is always nobody: the bundle need not be asked.
  if (fate == Fate::kPending || fate == Fate::kDelivered)
    return {&record, nullptr, fate, By::kNobody};
  return {&record, nullptr, fate, to_by(record.field(log::FieldId::kBy), fate)};
}

}  // namespace connfate::cli::report

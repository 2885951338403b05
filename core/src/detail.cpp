// SPDX-License-Identifier: Apache-2.0
#include "connfate/detail.hpp"

#include <algorithm>

namespace connfate {
namespace {

/// HTTP/2 shares the counters of its connection: there only a connection that never repeated
/// anything is known to be well.
bool has_repeated(const Observation& o) noexcept {
  if (o.retrans) return *o.retrans != Segments{};
  return !o.evidence.snapshot || o.evidence.snapshot->total_retrans != Segments{};
}

bool is_word(std::string_view given, std::string_view word) noexcept {
  constexpr auto kLower = [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  };
  return std::ranges::equal(given, word, {}, kLower);
}

}  // namespace

std::optional<Detail> parse_detail(std::string_view word) noexcept {
  if (is_word(word, "full")) return Detail::kFull;
  if (is_word(word, "trouble")) return Detail::kTrouble;
  return std::nullopt;
}

bool is_healthy(const Observation& o) noexcept {
  const Close close = o.verdict.close;
  const bool refused = o.evidence.refused && *o.evidence.refused != Bytes{};
  if (o.evidence.error || refused || has_repeated(o)) return false;
  if (o.verdict.fate == Fate::kDelivered)
    return close == Close::kOpen || close == Close::kFin || close == Close::kLocal;
  return o.verdict.fate == Fate::kPending && close == Close::kOpen;
}

}  // namespace connfate

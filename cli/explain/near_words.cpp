// SPDX-License-Identifier: Apache-2.0
#include "cli/explain/near_words.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace connfate::cli {
namespace {

/// Insertions, deletions and substitutions (Levenshtein).
std::size_t edits_between(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({substituted, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

bool contains(std::string_view a, std::string_view b) {
  constexpr std::size_t kShortest = 3;
  return b.size() >= kShortest && a.find(b) != a.npos;
}

}  // namespace

std::vector<std::string> near_words(std::string_view word, std::span<const std::string> words,
                                    std::size_t most) {
  constexpr std::size_t kLongest = 64;  // no name is longer, and a log line is not a misspelt name
  if (word.size() > kLongest) return {};
  std::vector<std::pair<std::size_t, std::string>> near;
  for (const std::string& candidate : words) {
    const std::size_t edits = edits_between(word, candidate);
    const bool related = contains(candidate, word) || contains(word, candidate);
    if (edits <= candidate.size() / 3 || related) near.emplace_back(edits, candidate);
  }
  std::ranges::sort(near);
  if (near.size() > most) near.resize(most);
  std::vector<std::string> names;
  names.reserve(near.size());
  for (auto& [edits, name] : near) names.push_back(std::move(name));
  return names;
}

}  // namespace connfate::cli

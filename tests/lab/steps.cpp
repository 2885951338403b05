// SPDX-License-Identifier: Apache-2.0
#include "lab/steps.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <sstream>
#include <stdexcept>

#include "lab/word_table.hpp"

namespace connfate::lab {
namespace {

bool is_placeholder(const std::string& word) {
  return std::ranges::all_of(word, [](char c) { return (c >= 'A' && c <= 'Z') || c == '_'; });
}

/// What the story put in place of the pattern's capitals; nullopt when the step is another one.
std::optional<StepWords> match(std::string_view pattern, const std::vector<std::string>& words) {
  std::istringstream rest{std::string(pattern)};
  StepWords result;
  std::size_t at = 0;
  for (std::string word; rest >> word; ++at) {
    if (word == "OPTIONS") {
      const auto from = words.begin() + static_cast<std::ptrdiff_t>(std::min(at, words.size()));
      result.set(word, fmt::format("{}", fmt::join(from, words.end(), " ")));
      return result;
    }
    if (at >= words.size()) return std::nullopt;
    if (is_placeholder(word)) {
      result.set(word, words[at]);
    } else if (word != words[at]) {
      return std::nullopt;
    }
  }
  if (at != words.size()) return std::nullopt;
  return result;
}

struct Found {
  const StepKind* kind;
  StepWords words;
};

Found find(const Step& step) {
  static const std::vector<StepKind> kinds = step_kinds();
  for (const StepKind& kind : kinds) {
    if (auto words = match(kind.pattern, step.words)) return {&kind, *std::move(words)};
  }
  std::string known;
  for (const StepKind& kind : kinds) {
    if (!step.words.empty() && kind.pattern.starts_with(step.words.front())) {
      known += fmt::format("\n  {}", kind.pattern);
    }
  }
  throw std::runtime_error(fmt::format("line {}: nobody knows how to play '{}'. Known are:{}",
                                       step.line, fmt::join(step.words, " "),
                                       known.empty() ? " the steps in docs/lab.md" : known));
}

}  // namespace

std::uint64_t StepWords::number(const std::string& name) const {
  return number_in<std::uint64_t>(text(name));
}

std::vector<StepKind> step_kinds() {
  std::vector<StepKind> kinds;
  for (const auto steps :
       {client_steps(), server_steps(), own_host_steps(), network_steps(), time_steps()}) {
    kinds.insert(kinds.end(), steps.begin(), steps.end());
  }
  return kinds;
}

void play_step(const Step& step, Player& player) {
  const Found found = find(step);
  try {
    found.kind->play(player, found.words);
  } catch (const std::exception& error) {
    throw std::runtime_error(
        fmt::format("line {}, '{}': {}", step.line, fmt::join(step.words, " "), error.what()));
  }
}

void check_steps(const Story& story) {
  for (const Step& step : story.steps) {
    try {
      find(step);
    } catch (const std::exception& error) {
      throw std::runtime_error(fmt::format("{}.yaml: {}", story.name, error.what()));
    }
  }
}

}  // namespace connfate::lab

// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the words of which stories are made: each step as a pattern, its meaning, and what it
// does. A pattern is a sentence; its words in capitals stand for what a story puts there, and
// OPTIONS for the rest of the line. docs/lab.md lists them (a test compares).
// Failure: step_of() throws std::runtime_error with the nearest patterns; playing throws whatever
// went wrong.

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lab/story.hpp"

namespace connfate::lab {

class Player;

/// What stands in place of the words in capitals.
class StepWords {
 public:
  void set(std::string name, std::string value) { words_[std::move(name)] = std::move(value); }
  const std::string& text(const std::string& name) const { return words_.at(name); }
  /// Throws when it is no number.
  std::uint64_t number(const std::string& name) const;

 private:
  std::map<std::string, std::string> words_;
};

struct StepKind {
  std::string_view pattern;
  std::string_view meaning;
  void (*play)(Player&, const StepWords&);
};

/// The whole vocabulary, by actor: client, server and its host, network, time.
std::vector<StepKind> step_kinds();
std::span<const StepKind> client_steps();
std::span<const StepKind> server_steps();
std::span<const StepKind> own_host_steps();
std::span<const StepKind> network_steps();
std::span<const StepKind> time_steps();

void play_step(const Step& step, Player& player);

/// Throws when a story has a step that nobody knows.
void check_steps(const Story& story);

}  // namespace connfate::lab

// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Explanation: what is known about one word, as headed paragraphs, and its two forms, text
// for a terminal and JSON. Made by the topics, written by the command.

#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace connfate::cli {

struct Paragraphs {
  std::string heading;
  std::vector<std::string> texts;
};

struct Explanation {
  std::string name;
  std::string kind;  ///< "a fate", "a field", ...
  std::vector<Paragraphs> parts;

  /// Leaves out what is empty.
  void add(std::string heading, std::vector<std::string> texts);
  void add(std::string heading, std::string text) {
    add(std::move(heading), std::vector<std::string>{std::move(text)});
  }
};

/// Lines of at most `columns`, each ended.
std::string to_text(std::span<const Explanation> explanations, std::size_t columns = 80);

/// An array, one object per explanation.
std::string to_json(std::span<const Explanation> explanations);

}  // namespace connfate::cli

// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the story of one connection: its lines out of access logs and the witness's log in the
// order of time, what speaks for whom, what would settle it, and a sentence for the people who run
// the network. Used by the command.
// The sentence never says more than the lines: an attribution is quoted with its confidence, and
// where there is none the sentence says that the two sides cannot be told apart.

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/explain/explanation.hpp"
#include "cli/explain/story_line.hpp"

namespace connfate::cli {

struct Story {
  std::vector<StoryLine> lines;  ///< in the order of time
  std::size_t left_out = 0;      ///< beyond what is kept
};

/// The lines of the connection that has this cookie, or that carried the request with this id.
/// Throws std::runtime_error, with what to do, when a file cannot be read.
Story read_story(std::string_view key, std::span<const std::filesystem::path> files);

/// `story` must have a line.
Explanation tell(const Story& story, std::string_view key);

}  // namespace connfate::cli

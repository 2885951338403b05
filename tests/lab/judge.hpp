// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the judgement on one play of a story: whether connfate said what it must, nothing that
// it must not, and how near it came to the truth that only the lab knows.

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "harness/log_line.hpp"
#include "lab/story.hpp"

namespace connfate::lab {

enum class Mark : std::uint8_t {
  kRight,      ///< names what the lab knows
  kUndecided,  ///< names nobody, or "client or path"
  kWrong,      ///< names somebody else, or what the story forbids
};

/// "right", "undecided", "wrong".
std::string_view to_word(Mark mark);

/// What connfate said of the story's connection.
struct Testimony {
  std::vector<harness::LogLine> log;
  /// Of the witness, without those that say `in_progress`.
  std::vector<nlohmann::json> final;
};

struct Judgement {
  Mark mark = Mark::kRight;
  std::vector<std::string> problems;  ///< one sentence per broken promise; empty: all kept
  std::string log_verdict = "no line";
  std::string final_verdict = "no line";  ///< "rst_received by path, RST from path"
  std::string confidence = "-";
};

Judgement judge(const Story& story, const Promise& promise, const Testimony& testimony);

}  // namespace connfate::lab

// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides SilentNetworks: what the witness's lines say of whole client networks while an outage
// lasts: how many of their responses are unanswered at this moment (in_progress, and no final line
// yet), and that several of their clients fell silent at once while others answered (rule D4).
// Filled by the run with every line of the witness, read by make_summary(). Memory is bounded:
// beyond kMost responses in progress the rest are counted only.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "cli/log/record.hpp"

namespace connfate::cli::report {

struct UnansweredRow {
  std::string network;
  std::uint64_t count = 0;
};

struct FallenRow {
  std::string network;
  std::string statement;    ///< the witness's own, of the most clients
  std::uint64_t lines = 0;  ///< that say so
};

class SilentNetworks {
 public:
  static constexpr std::size_t kMost = 100'000;

  void learn(const log::Record& record);

  /// The most first.
  std::vector<UnansweredRow> unanswered() const;
  std::vector<FallenRow> fallen() const;

 private:
  void learn_progress(const log::Record& record);
  void learn_silence(const log::Record& record);

  struct Statement {
    std::string text;
    std::uint64_t clients = 0;
    std::uint64_t lines = 0;
  };

  std::unordered_map<std::uint64_t, std::string> in_progress_;  ///< by response: its network
  std::uint64_t more_in_progress_ = 0;
  std::map<std::string, Statement, std::less<>> fallen_;
  std::string scratch_;
};

}  // namespace connfate::cli::report

// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the ordered rule table and its verdict. The first rule that applies decides; the last
// one applies to everything, so a verdict always exists and always names its rule.
// Used by observation.cpp, by docs/fates.md (a test compares the ids) and by `connfate explain`.

#include <optional>
#include <span>
#include <string_view>

#include "connfate/evidence.hpp"
#include "connfate/fate.hpp"

namespace connfate {

struct Rule {
  std::string_view id;  ///< stable; never reused with another meaning
  Fate fate;
  std::string_view reason;  ///< one sentence, true of every response the rule decides
  bool (*applies)(const Evidence&, const Findings&) noexcept;
  std::optional<By> by{};  ///< where it is not the party that the fate implies
};

struct Verdict {
  Fate fate = Fate::kUnknown;
  By by = By::kUnknown;
  Phase phase = Phase::kWaiting;
  Close close = Close::kUnknown;
  const Rule* rule = nullptr;  ///< null only before classify() has run
};

/// The table, first rule first. Lives as long as the program.
std::span<const Rule> rules() noexcept;

/// Total and pure: the same evidence always gives the same verdict.
Verdict classify(const Evidence& evidence) noexcept;

}  // namespace connfate

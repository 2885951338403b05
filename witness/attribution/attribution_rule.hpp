// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides AttributionRule: one row of the tables that say who ended a connection, of a RST (P, N:
// origin/rst_origin.hpp) or of a silence (D: silence/silence.hpp). `connfate explain` and
// docs/who_sent_the_rst.md show both tables; a test compares them.

#include <string_view>

#include "witness/attribution/attribution.hpp"

namespace connfate::witness {

struct AttributionRule {
  std::string_view id;       ///< stable
  Confidence weight;         ///< of this rule alone
  std::string_view meaning;  ///< one sentence
};

}  // namespace connfate::witness

// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the check that a line of the access log agrees with the sentence of the rule that it
// names. (harness/contradictions.hpp does the same for the witness's lines and their evidence.)
// Used by the scenarios, for every line that they make.
// Surprising: it is sound only as far as the phrases that it knows; a sentence without one of them
// contradicts nothing.

#include <string>
#include <vector>

#include "harness/log_line.hpp"

namespace connfate::harness {

/// One sentence per contradiction.
std::vector<std::string> denied_by_its_rule(const LogLine& line);

}  // namespace connfate::harness

// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the sentences that an outage needs while it lasts, when hardly anything has ended: what
// is unanswered now, which networks fell silent or have stopped to ask, and what this server did
// itself meanwhile. Used by words.cpp, for the conclusion.
// Surprising: they state what was seen and name nobody; "stopped" and "unanswered" accuse no path.

#include <string>
#include <vector>

#include "cli/report/judge/summary.hpp"

namespace connfate::cli::report {

std::vector<std::string> now_words(const Summary& summary);

/// The witness's log alone, and of trouble only: a share of its lines is none of all requests.
bool has_no_shares(const Summary& summary) noexcept;

}  // namespace connfate::cli::report

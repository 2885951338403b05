// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides next_step(): whom to ask about a finding, and what. Used by every
// renderer. Pure.
// Surprising: it asks questions. What the log does not show is not claimed, and no device is named;
// what this server ended itself is never a matter for the network team.

#include <string>

#include "cli/report/judge/summary.hpp"

namespace connfate::cli::report {

/// "For the network team: ..." or "Not a matter for the network team: ..."; one paragraph, fit to
/// be sent.
std::string next_step(const Finding& finding);

}  // namespace connfate::cli::report

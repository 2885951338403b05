// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides find_findings(): groups (a client network, a host, a path) in which one fate is far more
// frequent than elsewhere, and what the failures of such a group have in common. Figures only; the
// words are in words.cpp. Pure.

#include <vector>

#include "cli/report/count/aggregate.hpp"
#include "cli/report/judge/summary.hpp"

namespace connfate::cli::report {

/// Strongest first, at most twelve. A group must have 10 such failures, five times the rate of the
/// rest, and be six standard deviations away from it. A network, host and path that share their
/// failures are one finding.
std::vector<Finding> find_findings(const Aggregate& counted);

/// Standard deviations between the two rates of a change; negative for a decrease.
double significance(const Change& change) noexcept;

}  // namespace connfate::cli::report

// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides what a line of the witness says against itself: its tokens, its counters and the
// sentences of its evidence tell one story, or one of them is untrue. Every suite that makes lines
// asks it about all of them (the stories, the scenarios, the lab).

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace connfate::harness {

/// One sentence per contradiction; empty when the line agrees with itself.
std::vector<std::string> contradictions_in(const nlohmann::json& line);

/// The same between lines: those about one connection tell one end.
std::vector<std::string> contradictions_among(const std::vector<nlohmann::json>& lines);

}  // namespace connfate::harness

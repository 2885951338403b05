// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the memory of what each server logged for each scenario, kept in one file per server
// kind so that the servers can be tested by processes in parallel and compared by a later one. The
// directory is $CONNFATE_OUTCOMES, or the current one.

#include <map>
#include <string>
#include <vector>

#include "harness/protocol.hpp"
#include "harness/server.hpp"
#include "system/scenarios/scenarios.hpp"

namespace connfate::harness {

/// fate, by, phase and close of one log line.
using Judgement = std::map<std::string, std::string, std::less<>>;

/// Writes down what `kind` logged. The first call of a process for a kind begins a new book.
void record_outcome(ServerKind kind, Protocol protocol, const Scenario& scenario,
                    const std::vector<LogLine>& lines);

/// By server name: what was written down for this scenario; servers without an entry are absent.
std::map<std::string, std::vector<Judgement>> recorded_outcomes(Protocol protocol,
                                                                const Scenario& scenario);

}  // namespace connfate::harness

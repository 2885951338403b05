// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the subcommand `connfate live`: the connections of the local servers that are in trouble
// now. Registered by main. Needs no privilege.

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace connfate::cli {

void add_live(CLI::App& app);

/// What hangs on this host now, in sentences; empty where nothing does, or nobody can be asked.
std::vector<std::string> live_sentences();

}  // namespace connfate::cli

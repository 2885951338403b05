// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the subcommand `connfate live`: the connections of the local servers that are in trouble
// now. Registered by main. Needs no privilege.

#include <CLI/CLI.hpp>

namespace connfate::cli {

void add_live(CLI::App& app);

}  // namespace connfate::cli

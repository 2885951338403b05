// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the subcommand `connfate doctor`: what on this host keeps connfate from knowing, and the
// command that mends it. Registered by main. Changes nothing.

#include <CLI/CLI.hpp>

namespace connfate::cli {

void add_doctor(CLI::App& app);

}  // namespace connfate::cli

// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the subcommand `connfate report`: what access logs and the witness's log say about the
// fate of the responses. Registered by main.

#include <CLI/CLI.hpp>

namespace connfate::cli {

void add_report(CLI::App& app);

}  // namespace connfate::cli

// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the subcommand `connfate explain`: what a word of the logs means, and what one
// connection went through. Registered by main.

#include <CLI/CLI.hpp>

namespace connfate::cli {

void add_explain(CLI::App& app);

}  // namespace connfate::cli

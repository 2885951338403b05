// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the subcommand `connfate report`: what access logs and the witness's log say about the
// fate of the responses. Registered by main.

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

namespace connfate::cli {

/// What hangs on this host now, in sentences.
using LiveSource = std::function<std::vector<std::string>()>;

/// `live` is asked where a log of the input is one of this host; it may be empty.
void add_report(CLI::App& app, LiveSource live = {});

}  // namespace connfate::cli

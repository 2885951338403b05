// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides run(): reads the logs as the options say, and writes the report or the lines. The only
// part of report with input and output.

#include "cli/exit_code.hpp"
#include "cli/report/options.hpp"

namespace connfate::cli::report {

/// Data on standard output, everything else on standard error.
ExitCode run(const Options& options);

}  // namespace connfate::cli::report

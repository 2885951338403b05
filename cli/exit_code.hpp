// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the exit codes of connfate. They are a public contract; the man page repeats them.
// Used by main and by every subcommand: throw CLI::RuntimeError(to_int(...)) ends with one of them.
//
//   0  done, and there was something to say
//   1  done, and nothing was found (report, explain); doctor: warnings
//   2  wrong usage, an input that cannot be read; doctor: problems
//   3  the output could not be written (disk full)

namespace connfate::cli {

enum class ExitCode { kOk = 0, kNothingFound = 1, kUsage = 2, kOutput = 3 };

constexpr int to_int(ExitCode code) noexcept {
  return static_cast<int>(code);
}

}  // namespace connfate::cli

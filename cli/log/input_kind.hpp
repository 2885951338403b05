// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides input_kind_of(): what the beginning of a file holds. Used by report to read the
// witness's logs before the access logs, and to see when there are none of the latter.

#include <string>

namespace connfate::cli::log {

struct InputKind {
  bool has_witness_lines = false;
  bool has_requests = false;
};

/// Whether it can be read twice: a regular file, not a pipe and not standard input.
bool is_rereadable(const std::string& file);

/// Looks at the first 64 KB, unpacked, of a file that can be read twice. Both are false for a file
/// that cannot be read.
InputKind input_kind_of(const std::string& file);

}  // namespace connfate::cli::log

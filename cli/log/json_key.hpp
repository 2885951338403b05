// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the keys of a JSON access log, or of a line of connfate-witness, that mean something to
// a Record. Used by the reader of JSON lines.

#include <string_view>

#include "cli/log/record.hpp"

namespace connfate::cli::log {

/// Puts the value of `key` where it belongs; "-" and "" are not known. Unknown keys are ignored.
void set_member(Record& record, std::string_view key, std::string_view value);

}  // namespace connfate::cli::log

// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides logfmt_to_json(): a logfmt line of connfate-witness as the JSON object it was made from,
// so that one reader knows the keys. Quoted values are JSON strings already
// (witness/lines/final_line.cpp). Used by the line parser; rare lines, so it may allocate.

#include <string>
#include <string_view>

namespace connfate::cli::log {

/// What is not key=value is skipped; every value becomes a string.
std::string logfmt_to_json(std::string_view line);

}  // namespace connfate::cli::log

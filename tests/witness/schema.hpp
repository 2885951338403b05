// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the check of a line of the witness against docs/line.schema.json.

#include <string>
#include <vector>

namespace connfate::witness {

/// One sentence per broken promise of the schema; empty when the line keeps them all.
std::vector<std::string> schema_complaints(const std::string& json_line);

}  // namespace connfate::witness

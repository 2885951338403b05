// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the two forms of a survey: a table for people, and one JSON object. Used by the command.
// Every text in them is made here or by the kernel's numbers; nothing of a client is quoted.

#include <chrono>
#include <cstddef>
#include <string>

#include "cli/live/survey.hpp"

namespace connfate::cli {

/// At most `rows` lines, the head included.
std::string to_table(const Survey& survey, std::size_t rows);

std::string to_json(const Survey& survey, std::chrono::system_clock::time_point now);

}  // namespace connfate::cli

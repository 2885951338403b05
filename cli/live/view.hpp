// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the two forms of a survey: a table for people, and one JSON object. Used by the command.
// Every text in them is made here or by the kernel's numbers; nothing of a client is quoted.

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "cli/live/survey.hpp"

namespace connfate::cli {

/// The room that the table has; `first`: so many of the connections have been scrolled away.
struct TableRoom {
  std::size_t rows = 1'000'000;
  std::size_t columns = 160;
  std::size_t first = 0;
};

/// At most `rows` lines of at most `columns`, the head included; the summary always stands first.
/// Where not all connections fit, those of one network stand together, the worst network first.
std::string to_table(const Survey& survey, const TableRoom& room);

/// The summary in sentences, for the report; empty when nothing is in trouble.
std::vector<std::string> sentences_of(const Survey& survey);

std::string to_json(const Survey& survey, std::chrono::system_clock::time_point now);

}  // namespace connfate::cli

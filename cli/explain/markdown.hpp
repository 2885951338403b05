// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the little that is needed to quote a page of docs/: its sections, their paragraphs, and
// the rows of their tables, as plain text. Used by the topics. The pages are ours: what is not
// found is an empty answer, and a test walks every name that must be found.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace connfate::cli {

/// The text between the heading "## `name`" or "## name" and the next heading of that level;
/// empty when there is none.
std::string_view section_of(std::string_view page, std::string_view name);

/// Paragraphs joined to one line each, without backquotes and link targets. Lists and tables are
/// left out.
std::vector<std::string> paragraphs_of(std::string_view section);

/// The cells of the table row whose first cell is `name`.
std::optional<std::vector<std::string>> row_of(std::string_view section, std::string_view name);

/// The first cells of all rows, headers left out.
std::vector<std::string> row_names(std::string_view section);

/// The items of the section's lists, joined to one line each.
std::vector<std::string> items_of(std::string_view section);

}  // namespace connfate::cli

// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides charts_json(): the charts of the HTML page as data, one object by name:
//   {"kind": "columns"|"rows", "labels": [...], "series": [{"name", "colour", "values": [...]}],
//    "axis": title of the axis of figures, "unit": behind each figure,
//    "marked": indexes to be marked, "notes": texts for the pointer}
// The last four may be missing. page/report.js draws it; `colour` is a name in page/report.css.
// Pure; used by render_html.cpp. Labels are printable ASCII.

#include <string>

#include "cli/report/judge/summary.hpp"

namespace connfate::cli::report {

std::string charts_json(const Summary& summary);

/// Whether the section "not acknowledged by size" has anything to show.
bool has_size_trouble(const Summary& summary);

/// "1400-1499", ">= 1048576"
std::string size_label(const SizeRow& row);

}  // namespace connfate::cli::report

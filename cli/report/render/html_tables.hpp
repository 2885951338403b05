// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the tables of the HTML page, each the same figures as the chart beside it: for readers
// who cannot see the chart, for copying, and for paper. Used by render_html.cpp. Every text of the
// log is escaped here.

#include <string>

#include "cli/report/judge/summary.hpp"

namespace connfate::cli::report {

std::string fates_table(const Summary& summary);
std::string timeline_table(const TimelineRows& timeline);
std::string changes_table(const Summary& summary);
std::string groups_table(const GroupRows& groups);
std::string seconds_table(const SecondsRows& seconds);
std::string sizes_table(const Summary& summary);

/// "--fate:var(--rst_received)": the colour of a fate, as report.css has it.
std::string fate_style(Fate fate);

}  // namespace connfate::cli::report

// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the timeline of the text report: a row per stretch of time with a bar of letters, one
// letter per fate. Pure; used by render_text.cpp.
// Surprising: stretches without trouble that follow each other are one row, so that a long quiet
// log with two bad minutes shows the two minutes.

#include <string>

#include "cli/report/judge/summary.hpp"

namespace connfate::cli::report {

/// Letter and colour of a fate in bars.
struct Mark {
  char letter;
  int colour;  ///< of ANSI: 31 red ... 37 white
};
Mark mark_of(Fate fate) noexcept;

/// The text, in the colour when colours are wanted.
std::string coloured(std::string_view text, int colour, bool colours);

/// Bars end within `columns`.
std::string timeline_text(const TimelineRows& timeline, std::size_t columns, bool colours);

/// "r=rst_received t=ack_timeout": the letters that occur.
std::string timeline_legend(const FateCounts& fates);

}  // namespace connfate::cli::report

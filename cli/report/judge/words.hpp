// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the words of the report: its conclusion, and one sentence for each finding. Pure; used
// by make_summary() and the renderers. All of it is printable ASCII, names from the log included.
// Surprising: a sentence gives figures, and what they do not say. It never names a culprit.

#include <string>
#include <string_view>
#include <vector>

#include "cli/report/judge/summary.hpp"

namespace connfate::cli::report {

/// How much trouble there was, and what cannot be known from this input.
Conclusion conclusion_of(const Summary& summary);

/// "clients in 203.0.113.0/24", "host www.example.com", "path /export"
std::string group_words(std::string_view dimension, std::string_view name);

/// The figures of a finding, one sentence.
std::string headline_of(const Finding& finding);
/// Who, since when, where else, which size, which timer: what of it is known.
std::vector<std::string> details_of(const Finding& finding);
/// Headline and details.
std::string sentence_of(const Finding& finding);

/// The options that show the lines behind a finding; empty when its name cannot be written there.
std::string show_options(const Finding& finding);

/// "from ... to ...", or "at ..." for one instant.
std::string span_text(std::int64_t from, std::int64_t to);

}  // namespace connfate::cli::report

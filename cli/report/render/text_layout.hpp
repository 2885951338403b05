// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the small parts of what people read of a report: bars, orders of
// fates, and the notes on what was not counted. Pure; used by the renderers of text and HTML.

#include <string>
#include <string_view>
#include <vector>

#include "cli/report/judge/summary.hpp"

namespace connfate::cli::report {

/// Proportional, and at least 1 for what is not 0.
std::size_t bar_size(std::uint64_t count, std::uint64_t most, std::size_t size) noexcept;

/// Cut in the middle of "beginning...end" to `size`.
std::string shortened(std::string text, std::size_t size);

/// "10 s", "5 min", "2 h", "1 d"
std::string duration_text(std::int64_t seconds);

/// The fates that occur, most frequent first.
std::vector<Fate> by_frequency(const FateCounts& fates);
/// Those with requests in trouble, the one with the most of them first.
std::vector<Fate> troubles(const FateCounts& fates);

/// All: trouble, then what clients ended themselves, then the rest.
std::vector<Fate> trouble_first(const FateCounts& fates);

/// "peer 80, path 20"; of a single party its name alone, of nobody nothing.
std::string by_text(const ByCounts& by);

/// "20 of 21 within 2 s from 350 s on, as with ..."
std::string cliff_text(const Cliff& cliff);

/// The most frequent trouble with its count, "rst_received 17"; empty when there is none.
std::string main_trouble(const FateCounts& fates);

/// What was not counted, not joined or not known: one sentence each.
std::vector<std::string> notes_of(const Summary& summary);

}  // namespace connfate::cli::report

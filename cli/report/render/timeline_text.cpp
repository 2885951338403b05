// SPDX-License-Identifier: Apache-2.0
#include "cli/report/render/timeline_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/figures.hpp"
#include "cli/report/render/text_layout.hpp"

namespace connfate::cli::report {
namespace {

constexpr std::size_t kLongestBar = 40;
constexpr std::size_t kShortestBar = 10;
constexpr std::size_t kBeforeBar = 45;  ///< columns of a row
constexpr std::size_t kLeastQuiet = 3;  ///< rows, to be written as one

/// "2026-11-24 08:00", with seconds where rows are shorter than a minute.
std::string row_label(std::int64_t start, std::int64_t width) {
  std::string text = time_text(start);
  if (text.size() != std::string_view("2026-11-24T08:00:00Z").size()) return text;
  text[10] = ' ';
  return text.substr(0, width < 60 ? 19 : 16);
}

std::string row_bar(const FateCounts& fates, std::uint64_t most, std::size_t size, bool colours) {
  std::string bar;
  for (int i = 0; i < kFateCount; ++i) {
    const auto fate = static_cast<Fate>(i);
    if (fates.trouble(fate) == 0) continue;
    const std::string letters(bar_size(fates.trouble(fate), most, size), mark_of(fate).letter);
    bar += coloured(letters, mark_of(fate).colour, colours);
  }
  return bar;
}

/// How many rows from `at` on have no trouble.
std::size_t quiet_rows(const std::vector<TimelineRow>& rows, std::size_t at) {
  const auto begin = rows.begin() + static_cast<std::ptrdiff_t>(at);
  const auto end = std::find_if(begin, rows.end(),
                                [](const TimelineRow& row) { return row.fates.trouble() > 0; });
  return static_cast<std::size_t>(end - begin);
}

std::uint64_t requests_in(const std::vector<TimelineRow>& rows, std::size_t at, std::size_t count) {
  std::uint64_t sum = 0;
  for (std::size_t i = at; i < at + count; ++i) sum += rows[i].fates.total();
  return sum;
}

}  // namespace

Mark mark_of(Fate fate) noexcept {
  switch (fate) {
    case Fate::kDelivered: return {'.', 32};
    case Fate::kPending: return {'.', 37};
    case Fate::kClientAbort: return {'c', 36};
    case Fate::kBrokenPipe: return {'b', 36};
    case Fate::kRstReceived: return {'r', 31};
    case Fate::kAckTimeout: return {'t', 35};
    case Fate::kUnreachable: return {'u', 35};
    case Fate::kClientStalled: return {'w', 36};
    case Fate::kAckStalled: return {'s', 35};
    case Fate::kBlockedHere: return {'H', 33};
    case Fate::kServerTimeout: return {'T', 33};
    case Fate::kServerAbort: return {'A', 33};
    case Fate::kStreamReset: return {'x', 36};
    case Fate::kRequestTimeout: return {'q', 34};
    case Fate::kNoRequest: return {'.', 37};
    case Fate::kUnknown: break;
  }
  return {'?', 37};
}

std::string coloured(std::string_view text, int colour, bool colours) {
  return colours && !text.empty() ? fmt::format("\x1b[{}m{}\x1b[0m", colour, text)
                                  : std::string(text);
}

std::string timeline_text(const TimelineRows& timeline, std::size_t columns, bool colours) {
  const auto& rows = timeline.rows;
  // Every fate has a letter at least, however few: some room is left for these.
  constexpr std::size_t kSpare = 3;
  const std::size_t room = columns - std::min(columns, kBeforeBar + kSpare);
  const std::size_t size = std::clamp(room, kShortestBar, kLongestBar);
  std::uint64_t most = 0;
  for (const TimelineRow& row : rows) most = std::max(most, row.fates.trouble());
  std::string out;
  for (std::size_t i = 0; i < rows.size();) {
    const std::string label = row_label(rows[i].start, timeline.width);
    const std::size_t quiet = quiet_rows(rows, i);
    const std::size_t taken = quiet >= kLeastQuiet ? quiet : 1;
    const std::string end = taken == 1 ? row_bar(rows[i].fates, most, size, colours)
                                       : fmt::format("(no trouble in {} rows)", with_commas(taken));
    std::string line =
        fmt::format("  {:<19} {:>11} {:>9}  {}", label, with_commas(requests_in(rows, i, taken)),
                    with_commas(taken == 1 ? rows[i].fates.trouble() : 0), end);
    while (line.ends_with(' ')) line.pop_back();
    out.append(line).append("\n");
    i += taken;
  }
  return out;
}

std::string timeline_legend(const FateCounts& fates) {
  std::string legend;
  for (const Fate fate : troubles(fates)) {
    legend +=
        fmt::format("{}{}={}", legend.empty() ? "" : " ", mark_of(fate).letter, to_token(fate));
  }
  return legend;
}

}  // namespace connfate::cli::report

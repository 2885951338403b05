// SPDX-License-Identifier: Apache-2.0
#include "cli/report/render/text_layout.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/figures.hpp"
#include "cli/printable.hpp"

namespace connfate::cli::report {

std::size_t bar_size(std::uint64_t count, std::uint64_t most, std::size_t size) noexcept {
  if (count == 0 || most == 0) return 0;
  const double part = static_cast<double>(count) / static_cast<double>(most);
  return std::max<std::size_t>(1, static_cast<std::size_t>(part * static_cast<double>(size)));
}

std::string shortened(std::string text, std::size_t size) {
  if (text.size() <= size) return text;
  const std::size_t kept = size - 3;
  return text.substr(0, kept / 2) + "..." + text.substr(text.size() - (kept - kept / 2));
}

std::string duration_text(std::int64_t seconds) {
  if (seconds % 86400 == 0) return fmt::format("{} d", seconds / 86400);
  if (seconds % 3600 == 0) return fmt::format("{} h", seconds / 3600);
  if (seconds % 60 == 0) return fmt::format("{} min", seconds / 60);
  return fmt::format("{} s", seconds);
}

std::vector<Fate> by_frequency(const FateCounts& fates) {
  std::vector<Fate> order;
  for (int i = 0; i < kFateCount; ++i) {
    if (fates[static_cast<Fate>(i)] > 0) order.push_back(static_cast<Fate>(i));
  }
  std::ranges::stable_sort(order, [&fates](Fate a, Fate b) { return fates[a] > fates[b]; });
  return order;
}

std::vector<Fate> troubles(const FateCounts& fates) {
  std::vector<Fate> order;
  for (int i = 0; i < kFateCount; ++i) {
    if (fates.trouble(static_cast<Fate>(i)) > 0) order.push_back(static_cast<Fate>(i));
  }
  std::ranges::stable_sort(
      order, [&fates](Fate a, Fate b) { return fates.trouble(a) > fates.trouble(b); });
  return order;
}

std::vector<Fate> trouble_first(const FateCounts& fates) {
  std::vector<Fate> order = by_frequency(fates);
  // Not that of std::ranges: clang 14, which builds the fuzzers, does not compile its subrange.
  const auto is_in = [&fates](Fate fate) { return fates.trouble(fate) > 0; };
  const auto is_left = [&fates](Fate fate) { return fates.left(fate) > 0; };
  const auto rest = std::stable_partition(order.begin(), order.end(), is_in);
  std::stable_partition(rest, order.end(), is_left);
  return order;
}

std::string by_text(const ByCounts& by) {
  std::string text;
  std::size_t parties = 0;
  for (std::size_t i = 0; i < kByCount; ++i) {
    if (by[i] == 0 || static_cast<By>(i) == By::kNobody) continue;
    ++parties;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", to_token(static_cast<By>(i)),
                        with_commas(by[i]));
  }
  const bool says_all = parties == 1 && by[static_cast<std::size_t>(By::kNobody)] == 0;
  return says_all ? text.substr(0, text.find(' ')) : text;
}

std::string cliff_text(const Cliff& cliff) {
  return fmt::format("{} of {} within 2 s from {} s on{}", with_commas(cliff.inside),
                     with_commas(cliff.failures), cliff.from,
                     cliff.timer.empty() ? "" : fmt::format(", as with {}", cliff.timer));
}

std::string main_trouble(const FateCounts& fates) {
  const auto order = troubles(fates);
  if (order.empty()) return {};
  return fmt::format("{} {}", to_token(order[0]), with_commas(fates.trouble(order[0])));
}

namespace {

class Notes {
 public:
  void add(std::string_view what, std::uint64_t count) {
    if (count > 0) notes_.push_back(fmt::format("{}: {}", what, with_commas(count)));
  }
  void add(std::string note) { notes_.push_back(std::move(note)); }
  std::vector<std::string> take() { return std::move(notes_); }

 private:
  std::vector<std::string> notes_;
};

void add_line_notes(Notes& notes, const Summary& summary) {
  const LineCounts& lines = summary.lines;
  notes.add("Requests without a fate, not counted (connfate off, or another format)",
            lines.without_fate);
  notes.add("Lines with a fate that this version does not know, counted as unknown",
            lines.later_fates);
  notes.add("Requests on lines without a time, counted but not in the timeline",
            summary.without_time);
  notes.add("Requests without a time, not counted because a period is asked for",
            lines.no_time_for_period);
  notes.add("Requests outside the period", lines.out_of_period);
  notes.add("Requests that do not match --where", lines.filtered);
  notes.add("Lines longer than 1 MB, cut", lines.cut);
}

void add_witness_notes(Notes& notes, const Summary& summary) {
  notes.add(
      "Requests with the witness's verdict (where the access log says another, the witness's "
      "counts)",
      summary.joined);
  notes.add(
      "Requests not joined: nothing tells of which host they are (log node, or report each host's "
      "logs alone)",
      summary.lines.of_unknown_host);
  notes.add("Requests not joined: several verdicts fit equally well", summary.lines.fit_by_several);
  notes.add("Verdicts of the witness that belong to no request line of the input, not counted",
            summary.verdicts_unused);
  notes.add("Verdicts that did not fit into memory (their requests keep the access log's fate)",
            summary.verdicts_dropped);
  notes.add(
      "Lines of the witness about sockets that its kernel did not know: nothing verifies them, not "
      "counted",
      summary.lines.witness_unverified);
  notes.add("Lines of the witness without cookie and end or request id, not joined",
            summary.lines.witness_without_key);
  notes.add(
      "Lines of the witness beyond the first 40,000 of a stream, not counted (give the file's "
      "name)",
      summary.lines.witness_undecided);
  notes.add("Lines of the witness that say that evidence was lost", summary.lines.witness_lost);
  for (const Fate fate : by_frequency(summary.lines.connections)) {
    notes.add(fmt::format("Connections that ended without a request, not counted above, {}",
                          to_token(fate)),
              summary.lines.connections[fate]);
  }
}

}  // namespace

std::vector<std::string> notes_of(const Summary& summary) {
  Notes notes;
  add_line_notes(notes, summary);
  add_witness_notes(notes, summary);
  if (summary.findings_are_of_a_sample) {
    notes.add("Timers in the verdict rest on an even sample of 100,000 failures.");
  }
  for (const std::string& file : summary.unreadable) notes.add("Not read to its end: " + file);
  notes.add("Lines that could not be read (the first of them follow)", summary.lines.unparsable);
  for (const BadLine& bad : summary.lines.samples) {
    notes.add(fmt::format("{}:{}: {}", printable(bad.source), bad.line, bad.text));
  }
  return notes.take();
}

}  // namespace connfate::cli::report

// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>

#include "cli/figures.hpp"
#include "cli/printable.hpp"
#include "cli/report/judge/findings.hpp"
#include "cli/report/judge/next_step.hpp"
#include "cli/report/judge/now_words.hpp"
#include "cli/report/judge/words.hpp"
#include "cli/report/render/render.hpp"
#include "cli/report/render/text_layout.hpp"
#include "cli/report/render/timeline_text.hpp"
#include "cli/wrapped.hpp"

namespace connfate::cli::report {
namespace {

constexpr std::size_t kBarSize = 30;
constexpr std::size_t kNameSize = 40;
constexpr std::size_t kNarrowName = 24;
constexpr std::size_t kWide = 100;      ///< columns, from which on a table has all of its own
constexpr double kLeastDeviations = 3;  ///< of a change, to be called one
constexpr int kBold = 1;
constexpr int kDim = 2;
constexpr int kCyan = 36;

class TextReport {
 public:
  TextReport(const Summary& summary, const TextOptions& options)
      : report_(summary), options_(options) {}

  std::string write() {
    write_head();
    write_conclusion();
    write_fates();
    write_timeline();
    write_changes();
    for (const GroupRows& rows : report_.worst) write_groups("Worst by " + rows.dimension, rows);
    if (report_.by_chosen) write_groups("By " + report_.by_chosen->dimension, *report_.by_chosen);
    write_seconds("How long the requests had taken that were in trouble, or that the client left",
                  report_.durations);
    write_seconds("How long the peer had been silent when the connection died", report_.silences);
    write_sizes();
    write_notes();
    if (options_.rows > 0 &&
        std::ranges::count(out_, '\n') >= static_cast<std::ptrdiff_t>(options_.rows))
      write_again();
    return std::move(out_);
  }

 private:
  template <typename... Args>
  void line(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(out_), format, std::forward<Args>(args)...);
    while (out_.ends_with(' ')) out_.pop_back();
    out_ += '\n';
  }
  void title(std::string_view text) { out_ += fmt::format("\n{}\n", colour(text, kBold)); }
  std::string colour(std::string_view text, int number) const {
    return coloured(text, number, options_.colours);
  }
  std::string bar(std::uint64_t count, std::uint64_t most) const {
    return colour(std::string(bar_size(count, most, kBarSize), '#'), kCyan);
  }

  void write_head();
  void write_conclusion();
  void write_fates();
  void write_timeline();
  void write_finding(const Finding& finding, int number);
  void write_changes();
  void write_groups(const std::string& heading, const GroupRows& rows);
  void write_seconds(std::string_view heading, const SecondsRows& rows);
  void write_sizes();
  void write_notes();
  void write_again();

  const Summary& report_;
  const TextOptions& options_;
  std::string out_;
};

void TextReport::write_head() {
  const std::string_view what = report_.witness_only ? "responses" : "requests with a fate";
  if (report_.first_time) {
    line("{} {}, {} to {}", with_commas(report_.fates.total()), what,
         time_text(*report_.first_time), time_text(*report_.last_time));
  } else {
    line("{} {}", with_commas(report_.fates.total()), what);
  }
}

void TextReport::write_conclusion() {
  out_ += wrapped(colour(report_.conclusion.overall, kBold), options_.columns, "", "");
  for (const std::string& apart : report_.conclusion.apart) {
    out_ += wrapped(apart, options_.columns, "", "  ");
  }
  for (const std::string& now : report_.conclusion.now) {
    out_ += wrapped(now, options_.columns, "- ", "  ");
  }
  if (!report_.findings.empty()) title("What stands out");
  int number = 0;
  for (const Finding& finding : report_.findings) write_finding(finding, ++number);
  if (!report_.conclusion.limits.empty()) title("What this does not say");
  for (const std::string& limit : report_.conclusion.limits) {
    out_ += wrapped(limit, options_.columns, "  ", "    ");
  }
}

void TextReport::write_finding(const Finding& finding, int number) {
  const int tint = mark_of(finding.fate).colour;
  std::string headline = headline_of(finding);
  const auto token = to_token(finding.fate).size();
  headline = colour(headline.substr(0, token), tint) + headline.substr(token);
  out_ += wrapped(headline, options_.columns, fmt::format("{:>2}. ", number), "    ");
  for (const std::string& detail : details_of(finding)) {
    out_ += wrapped(detail, options_.columns, "    - ", "      ");
  }
  out_ += wrapped(next_step(finding), options_.columns, "    > ", "      ");
  const std::string show = show_options(finding);
  if (!show.empty()) line("    {}", colour("lines: " + show, kDim));
}

void TextReport::write_fates() {
  const std::uint64_t total = report_.fates.total();
  if (total == 0) return;
  title("Fates");
  line("  {:<16} {:>13} {:>9}  ended by", "", "requests", "");
  for (const Fate fate : trouble_first(report_.fates)) {
    const std::uint64_t count = report_.fates[fate];
    const std::string share = has_no_shares(report_) ? "" : percent(count, total);
    const std::string head =
        fmt::format("  {:<16} {:>13} {:>9}  ", to_token(fate), with_commas(count), share);
    const std::string by = by_text(report_.by_of_fate[static_cast<std::size_t>(fate)]);
    if (by.empty()) {
      line("{}", head);
    } else {
      out_ += wrapped(by, options_.columns, head, std::string(head.size(), ' '));
    }
  }
}

void TextReport::write_timeline() {
  if (report_.screen_timeline.rows.empty() || report_.fates.trouble() == 0) return;
  title(fmt::format("Trouble over time (UTC), each row {}",
                    duration_text(report_.screen_timeline.width)));
  out_ += wrapped(timeline_legend(report_.fates), options_.columns, "  ", "  ");
  line("  {:<19} {:>11} {:>9}", "", "requests", "trouble");
  out_ += timeline_text(report_.screen_timeline, options_.columns, options_.colours);
}

void TextReport::write_changes() {
  if (report_.changes.empty()) return;
  title(report_.compares_halves ? "Biggest changes, second half of this time against the first"
                                : "Biggest changes against the period before");
  bool any = false;
  for (const Change& change : report_.changes) {
    if (std::abs(significance(change)) < kLeastDeviations) break;
    any = true;
    line("  {:<16} {:>9} -> {:<9}  ({} of {} -> {} of {})", to_token(change.fate),
         percent(change.before, change.before_of), percent(change.now, change.now_of),
         with_commas(change.before), with_commas(change.before_of), with_commas(change.now),
         with_commas(change.now_of));
  }
  if (!any) line("  none beyond what chance brings");
}

void TextReport::write_groups(const std::string& heading, const GroupRows& rows) {
  if (rows.rows.empty()) return;
  title(heading);
  const bool has_before =
      std::ranges::any_of(rows.rows, [](const GroupRow& row) { return row.before_requests > 0; });
  const bool is_wide = options_.columns >= kWide;
  const std::size_t name_size = is_wide ? kNameSize : kNarrowName;
  line("  {:<{}} {:>11} {:>9} {:>8}{}{}  most frequent trouble", "", name_size, "requests",
       "trouble", "", has_before && is_wide ? "   before" : "", is_wide ? "     left" : "");
  const std::size_t shown = std::min(rows.rows.size(), options_.most_rows);
  for (const GroupRow& row : std::span(rows.rows).first(shown)) {
    const std::uint64_t trouble = row.fates.trouble();
    const std::string share = has_no_shares(report_) ? "" : percent(trouble, row.fates.total());
    std::string more;
    if (has_before && is_wide) {
      more += fmt::format(" {:>8}", percent(row.before_trouble, row.before_requests));
    }
    if (is_wide) more += fmt::format(" {:>8}", with_commas(row.fates.left()));
    line("  {:<{}} {:>11} {:>9} {:>8}{}  {}", shortened(printable(row.name), name_size), name_size,
         with_commas(row.fates.total()), with_commas(trouble), share, more,
         main_trouble(row.fates));
  }
  if (rows.names > shown) line("  {} names in all", with_commas(rows.names));
  if (rows.names_dropped > 0) {
    line("  {} names did not fit into memory ({} requests): the counts above are lower bounds",
         with_commas(rows.names_dropped), with_commas(rows.other_requests));
  }
}

void TextReport::write_seconds(std::string_view heading, const SecondsRows& rows) {
  if (rows.known == 0) return;
  title(heading);
  std::uint64_t most = 0;
  for (const HistogramRow& row : rows.rows) most = std::max(most, row.count);
  for (const HistogramRow& row : rows.rows) {
    line("  {:<12} {:>11}  {}", row.label, with_commas(row.count), bar(row.count, most));
  }
  if (rows.cliff) out_ += wrapped(cliff_text(*rows.cliff), options_.columns, "  ", "    ");
  if (rows.not_known > 0) line("  not known: {}", with_commas(rows.not_known));
}

void TextReport::write_sizes() {
  const bool any =
      std::ranges::any_of(report_.sizes, [](const SizeRow& row) { return row.unacknowledged > 0; });
  if (!any) return;
  title("Not acknowledged, by size of the response as written to the kernel (bytes)");
  for (const SizeRow& row : report_.sizes) {
    const std::string range =
        row.to ? fmt::format("{}-{}", row.from, *row.to - 1) : fmt::format(">= {}", row.from);
    line("  {:<16} {:>11} of {:>11} {:>9}", range, with_commas(row.unacknowledged),
         with_commas(row.requests), percent(row.unacknowledged, row.requests));
  }
  if (report_.without_size > 0) line("  size not known: {}", with_commas(report_.without_size));
}

void TextReport::write_notes() {
  const auto notes = notes_of(report_);
  if (notes.empty()) return;
  title("Notes");
  for (const std::string& note : notes) out_ += wrapped(note, options_.columns, "  ", "    ");
}

/// What one sees first when the rest has scrolled away.
void TextReport::write_again() {
  title("In short");
  out_ += wrapped(report_.conclusion.overall, options_.columns, "  ", "    ");
  for (const std::string& now : report_.conclusion.now) {
    out_ += wrapped(now, options_.columns, "  - ", "    ");
  }
  int number = 0;
  for (const Finding& finding : report_.findings) {
    out_ += wrapped(headline_of(finding), options_.columns, fmt::format("  {:>2}. ", ++number),
                    "      ");
  }
}

}  // namespace

std::string to_text(const Summary& summary, const TextOptions& options) {
  return TextReport(summary, options).write();
}

}  // namespace connfate::cli::report

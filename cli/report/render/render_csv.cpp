// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "cli/figures.hpp"
#include "cli/printable.hpp"
#include "cli/report/render/render.hpp"

namespace connfate::cli::report {
namespace {

/// Quoted where RFC 4180 asks for it. A spreadsheet takes a cell that begins with =, +, - or @ for
/// a formula, and clients write these texts: such a cell gets an apostrophe.
std::string cell(std::string_view text) {
  std::string safe = printable(text);
  if (safe.find_first_of("=+-@") == 0 && safe.size() > 1) safe.insert(0, 1, '\'');
  if (safe.find_first_of(",\"") == safe.npos) return safe;
  std::string quoted = "\"";
  for (const char c : safe) quoted.append(c == '"' ? 2 : 1, c);
  return quoted + '"';
}

class Csv {
 public:
  void row(std::string_view section, std::string_view name, std::string_view key,
           std::uint64_t value) {
    out_ += fmt::format("{},{},{},{}\n", section, cell(name), cell(key), value);
  }
  void fates(std::string_view section, std::string_view name, const FateCounts& fates) {
    for (int i = 0; i < kFateCount; ++i) {
      const auto fate = static_cast<Fate>(i);
      if (fates[fate] > 0) row(section, name, to_token(fate), fates[fate]);
    }
  }
  std::string take() { return std::move(out_); }

 private:
  std::string out_ = "section,name,key,value\n";
};

void add_lines(Csv& csv, const Summary& summary) {
  const LineCounts& lines = summary.lines;
  csv.row("lines", "", "total", lines.total);
  csv.row("lines", "", "requests", lines.requests);
  csv.row("lines", "", "counted", summary.fates.total());
  csv.row("lines", "", "without_fate", lines.without_fate);
  if (lines.later_fates > 0) csv.row("lines", "", "later_fates", lines.later_fates);
  csv.row("lines", "", "unparsable", lines.unparsable);
  csv.row("lines", "", "without_time", summary.without_time);
  csv.row("lines", "", "out_of_period", lines.out_of_period);
  csv.row("lines", "", "no_time_for_period", lines.no_time_for_period);
  csv.row("lines", "", "filtered", lines.filtered);
  csv.row("lines", "", "witness", lines.witness);
  csv.row("lines", "", "joined", summary.joined);
  csv.row("lines", "", "of_unknown_host", lines.of_unknown_host);
  csv.row("lines", "", "fit_by_several", lines.fit_by_several);
}

void add_groups(Csv& csv, const GroupRows& groups) {
  for (const GroupRow& row : groups.rows) csv.fates(groups.dimension, row.name, row.fates);
}

void add_seconds(Csv& csv, std::string_view section, const SecondsRows& seconds) {
  for (const HistogramRow& row : seconds.rows) csv.row(section, row.label, "count", row.count);
  csv.row(section, "not known", "count", seconds.not_known);
}

void add_findings(Csv& csv, const Summary& summary) {
  for (const Finding& finding : summary.findings) {
    const std::string name =
        fmt::format("{} {}={}", to_token(finding.fate), finding.dimension, finding.name);
    csv.row("finding", name, "count", finding.count);
    csv.row("finding", name, "requests", finding.requests);
    csv.row("finding", name, "count_elsewhere", finding.count_elsewhere);
    csv.row("finding", name, "requests_elsewhere", finding.requests_elsewhere);
  }
}

}  // namespace

std::string to_csv(const Summary& summary) {
  Csv csv;
  add_lines(csv, summary);
  csv.row("requests", "", "trouble", summary.fates.trouble());
  csv.row("requests", "", "client_left", summary.fates.left());
  csv.fates("fate", "", summary.fates);
  for (std::size_t i = 0; i < kByCount; ++i) {
    if (summary.by[i] > 0) csv.row("by", "", to_token(static_cast<By>(i)), summary.by[i]);
  }
  for (const TimelineRow& row : summary.timeline.rows)
    csv.fates("timeline", time_text(row.start), row.fates);
  for (const Change& change : summary.changes) {
    csv.row("change", to_token(change.fate), "before", change.before);
    csv.row("change", to_token(change.fate), "now", change.now);
  }
  for (const GroupRows& groups : summary.worst) add_groups(csv, groups);
  if (summary.by_chosen) add_groups(csv, *summary.by_chosen);
  add_seconds(csv, "duration", summary.durations);
  add_seconds(csv, "silence", summary.silences);
  for (const SizeRow& row : summary.sizes) {
    csv.row("size", std::to_string(row.from), "requests", row.requests);
    csv.row("size", std::to_string(row.from), "delivered", row.delivered);
    csv.row("size", std::to_string(row.from), "not_acknowledged", row.unacknowledged);
  }
  add_findings(csv, summary);
  return csv.take();
}

}  // namespace connfate::cli::report

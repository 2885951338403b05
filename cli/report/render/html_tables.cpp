// SPDX-License-Identifier: Apache-2.0
#include "cli/report/render/html_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>

#include "cli/figures.hpp"
#include "cli/report/render/html_charts.hpp"
#include "cli/report/render/html_text.hpp"
#include "cli/report/render/text_layout.hpp"

namespace connfate::cli::report {
namespace {

/// A table as it grows, in a box that can be moved where the screen is narrower. Cells are HTML
/// already.
class Table {
 public:
  Table(std::string_view caption, std::initializer_list<std::string_view> columns) {
    out_ = fmt::format("<div class=\"scroll\"><table><caption>{}</caption><thead><tr>", caption);
    for (const std::string_view column : columns) {
      const bool has_words =
          column == "ended by" || column == "most frequent trouble" || column == "what";
      out_ +=
          fmt::format("<th scope=\"col\"{}>{}</th>", has_words ? " class=\"words\"" : "", column);
    }
    out_ += "</tr></thead><tbody>\n";
  }

  Table& row(const std::string& name) {
    out_ += fmt::format("{}<tr><th scope=\"row\">{}</th>", is_open_ ? "</tr>\n" : "", name);
    is_open_ = true;
    return *this;
  }
  Table& cell(const std::string& text) {
    out_ += "<td>" + text + "</td>";
    return *this;
  }
  Table& words(const std::string& text) {
    out_ += "<td class=\"words\">" + text + "</td>";
    return *this;
  }

  std::string end() { return out_ + (is_open_ ? "</tr>\n" : "") + "</tbody></table></div>\n"; }

 private:
  std::string out_;
  bool is_open_ = false;
};

std::string with_swatch(Fate fate) {
  return fmt::format(R"(<span class="fate"><span class="swatch" style="{}"></span>{}</span>)",
                     fate_style(fate), to_token(fate));
}

/// "rst_received 12, client_abort 3"
std::string trouble_text(const FateCounts& fates) {
  std::string text;
  for (const Fate fate : troubles(fates)) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", to_token(fate),
                        with_commas(fates.trouble(fate)));
  }
  return text;
}

}  // namespace

std::string fate_style(Fate fate) {
  return fmt::format("--fate:var(--{})", to_token(fate));
}

std::string fates_table(const Summary& summary) {
  Table table("Requests by fate, and who ended them", {"fate", "requests", "share", "ended by"});
  for (const Fate fate : trouble_first(summary.fates)) {
    table.row(with_swatch(fate))
        .cell(with_commas(summary.fates[fate]))
        .cell(percent(summary.fates[fate], summary.fates.total()))
        .words(by_text(summary.by_of_fate[static_cast<std::size_t>(fate)]));
  }
  return table.end();
}

std::string timeline_table(const TimelineRows& timeline) {
  Table table(fmt::format("Each row {}; times are UTC", duration_text(timeline.width)),
              {"from", "requests", "in trouble", "share", "what"});
  for (const TimelineRow& row : timeline.rows) {
    table.row(time_text(row.start))
        .cell(with_commas(row.fates.total()))
        .cell(with_commas(row.fates.trouble()))
        .cell(percent(row.fates.trouble(), row.fates.total()))
        .words(trouble_text(row.fates));
  }
  return table.end();
}

std::string changes_table(const Summary& summary) {
  Table table(summary.compares_halves ? "The second half of this time against the first"
                                      : "This period against the one before it",
              {"fate", "before", "share", "now", "share"});
  for (const Change& change : summary.changes) {
    table.row(with_swatch(change.fate))
        .cell(fmt::format("{} of {}", with_commas(change.before), with_commas(change.before_of)))
        .cell(percent(change.before, change.before_of))
        .cell(fmt::format("{} of {}", with_commas(change.now), with_commas(change.now_of)))
        .cell(percent(change.now, change.now_of));
  }
  return table.end();
}

std::string groups_table(const GroupRows& groups) {
  std::string caption =
      fmt::format("{} of {} names", with_commas(groups.rows.size()), with_commas(groups.names));
  if (groups.names_dropped > 0) {
    caption += fmt::format("; {} did not fit into memory ({} requests): counts are lower bounds",
                           with_commas(groups.names_dropped), with_commas(groups.other_requests));
  }
  Table table(caption,
              {groups.dimension, "requests", "in trouble", "share", "client left", "what"});
  for (const GroupRow& row : groups.rows) {
    std::string share = percent(row.fates.trouble(), row.fates.total());
    if (row.before_requests > 0) {
      share += fmt::format(" (before {})", percent(row.before_trouble, row.before_requests));
    }
    table.row(html(row.name))
        .cell(with_commas(row.fates.total()))
        .cell(with_commas(row.fates.trouble()))
        .cell(share)
        .cell(with_commas(row.fates.left()))
        .words(trouble_text(row.fates));
  }
  return table.end();
}

std::string seconds_table(const SecondsRows& seconds) {
  std::string caption = fmt::format("{} requests", with_commas(seconds.known));
  if (seconds.not_known > 0) {
    caption += fmt::format(", and {} of which it is not known", with_commas(seconds.not_known));
  }
  Table table(caption, {"seconds", "requests"});
  for (const HistogramRow& row : seconds.rows) {
    table.row(html(row.label)).cell(with_commas(row.count));
  }
  return table.end();
}

std::string sizes_table(const Summary& summary) {
  Table table("Bytes as written to the kernel",
              {"bytes", "requests", "delivered", "not acknowledged", "share"});
  for (const SizeRow& row : summary.sizes) {
    table.row(html(size_label(row)))
        .cell(with_commas(row.requests))
        .cell(with_commas(row.delivered))
        .cell(with_commas(row.unacknowledged))
        .cell(percent(row.unacknowledged, row.requests));
  }
  return table.end();
}

}  // namespace connfate::cli::report

// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "cli/figures.hpp"
#include "cli/report/judge/next_step.hpp"
#include "cli/report/judge/words.hpp"
#include "cli/report/render/html_charts.hpp"
#include "cli/report/render/html_tables.hpp"
#include "cli/report/render/html_text.hpp"
#include "cli/report/render/page_parts.hpp"
#include "cli/report/render/render.hpp"
#include "cli/report/render/text_layout.hpp"

namespace connfate::cli::report {
namespace {

class Page {
 public:
  Page(const Summary& summary, const PageOptions& options) : report_(summary), options_(options) {}

  std::string write() {
    write_head();
    write_tiles();
    write_findings();
    write_timeline();
    write_fates();
    for (const GroupRows& groups : report_.worst) {
      write_groups(groups, "worst-" + groups.dimension, "Worst by " + groups.dimension);
    }
    if (report_.by_chosen) {
      write_groups(*report_.by_chosen, "by", "By " + html(report_.by_chosen->dimension));
    }
    write_seconds();
    write_sizes();
    write_notes();
    write_end();
    return std::move(out_);
  }

 private:
  template <typename... Args>
  void add(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(out_), format, std::forward<Args>(args)...);
    out_ += '\n';
  }
  void add_chart(std::string_view name, std::string_view description, std::size_t height);

  void write_head();
  void write_tiles();
  void write_tile(std::string_view name, std::uint64_t count);
  void write_findings();
  void write_finding(const Finding& finding);
  void write_timeline();
  void write_fates();
  void write_groups(const GroupRows& groups, const std::string& chart, const std::string& heading);
  void write_seconds();
  void write_seconds_of(const SecondsRows& seconds, std::string_view chart,
                        std::string_view heading);
  void write_sizes();
  void write_notes();
  void write_end();

  const Summary& report_;
  const PageOptions& options_;
  std::string out_;
};

void Page::add_chart(std::string_view name, std::string_view description, std::size_t height) {
  add("<figure><div class=\"chart\" style=\"height:{}px\"><canvas data-chart=\"{}\" role=\"img\" "
      "aria-label=\"{}; the table has the same figures\"></canvas></div></figure>",
      height, name, description);
}

void Page::write_head() {
  const std::string period =
      report_.first_time
          ? fmt::format("{} to {}", time_text(*report_.first_time), time_text(*report_.last_time))
          : std::string("no times in the input");
  // Nothing may be loaded, by whatever means: what is shown is in the page.
  add("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
      "style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n"
      "<title>connfate report, {}</title>\n<style>\n{}</style>\n</head>\n<body>\n<main>",
      period, page_style());
  add("<header><h1>What became of the responses</h1>\n<p class=\"muted\">{}{}</p>", period,
      options_.made.empty() ? "" : "; made at " + html(options_.made));
  for (const std::string& input : options_.inputs) {
    add("<p class=\"muted\">Input: <code>{}</code></p>", html(input));
  }
  for (const std::string& selection : options_.selection) {
    add("<p class=\"muted\">Only: <code>{}</code></p>", html(selection));
  }
  add("<p class=\"overall\">{}</p>", html(report_.conclusion.overall));
  for (const std::string& apart : report_.conclusion.apart) {
    add("<p class=\"muted\">{}</p>", html(apart));
  }
  for (const std::string& now : report_.conclusion.now) add("<p>{}</p>", html(now));
  add("</header>");
}

void Page::write_tile(std::string_view name, std::uint64_t count) {
  add("<div><dt>{}</dt><dd>{} <small>{}</small></dd></div>", name, with_commas(count),
      count == report_.fates.total() ? "" : percent(count, report_.fates.total()));
}

void Page::write_tiles() {
  add("<dl class=\"tiles\">");
  write_tile(report_.witness_only ? "responses" : "requests", report_.fates.total());
  write_tile("in trouble", report_.fates.trouble());
  write_tile("client left", report_.fates.left());
  write_tile("delivered", report_.fates[Fate::kDelivered]);
  write_tile("pending", report_.fates[Fate::kPending]);
  write_tile("unknown", report_.fates[Fate::kUnknown]);
  add("</dl>");
}

void Page::write_finding(const Finding& finding) {
  const std::string headline = headline_of(finding);
  const auto token = to_token(finding.fate).size();
  add("<div class=\"finding\" style=\"{}\"><h3><span class=\"badge\">{}</span>{}</h3>\n<ul>",
      fate_style(finding.fate), to_token(finding.fate), html(headline.substr(token + 1)));
  for (const std::string& detail : details_of(finding)) add("<li>{}</li>", html(detail));
  add("</ul>\n<p class=\"next\">{}</p>", html(next_step(finding)));
  const std::string show = show_options(finding);
  if (!show.empty()) {
    add("<p class=\"muted\">The lines: <code>connfate report {} FILE...</code></p>", html(show));
  }
  add("</div>");
}

void Page::write_findings() {
  if (!report_.findings.empty()) {
    add("<section class=\"long\"><h2>What stands out</h2>");
    for (const Finding& finding : report_.findings) write_finding(finding);
    add("</section>");
  }
  if (report_.conclusion.limits.empty()) return;
  add("<section><h2>What this does not say</h2>");
  for (const std::string& limit : report_.conclusion.limits) add("<p>{}</p>", html(limit));
  add("</section>");
}

void Page::write_timeline() {
  if (report_.timeline.rows.empty()) return;
  add("<section class=\"long\"><h2>Over time</h2>\n<p class=\"muted\">Each bar {}; times are "
      "UTC.</p>",
      duration_text(report_.timeline.width));
  if (report_.fates.trouble() > 0)
    add_chart("timeline", "Requests in trouble over time, by fate", 260);
  add_chart("requests", "All requests over time", 120);
  constexpr std::size_t kLong = 40;  // rows; on paper nobody reads them
  add("<details{}><summary>Table</summary>{}</details>\n</section>",
      report_.timeline.rows.size() > kLong ? " data-long" : "", timeline_table(report_.timeline));
}

void Page::write_fates() {
  if (report_.fates.total() == 0) return;
  add("<div class=\"pair\"><section><h2>Fates</h2>{}</section>", fates_table(report_));
  add("<section><h2>Changes</h2>{}</section></div>",
      report_.changes.empty() ? "<p class=\"muted\">There is no other time to compare with.</p>"
                              : changes_table(report_));
}

void Page::write_groups(const GroupRows& groups, const std::string& chart,
                        const std::string& heading) {
  if (groups.rows.empty()) return;
  constexpr std::size_t kRow = 30;
  constexpr std::size_t kFrame = 76;  // legend and axis
  add("<section><h2>{}</h2>\n<div class=\"beside\">", heading);
  add_chart(chart, heading + ": requests in trouble by fate", kFrame + kRow * groups.rows.size());
  add("{}</div></section>", groups_table(groups));
}

void Page::write_seconds_of(const SecondsRows& seconds, std::string_view chart,
                            std::string_view heading) {
  if (seconds.known == 0) return;
  add("<section><h2>{}</h2>", heading);
  add_chart(chart, heading, 200);
  if (seconds.cliff) add("<p>{}</p>", html(cliff_text(*seconds.cliff)));
  add("<details><summary>Table</summary>{}</details></section>", seconds_table(seconds));
}

void Page::write_seconds() {
  if (report_.durations.known + report_.silences.known == 0) return;
  add("<div class=\"pair\">");
  write_seconds_of(report_.durations, "durations",
                   "How long the requests had taken that were in trouble, or that the client left");
  write_seconds_of(report_.silences, "silences",
                   "How long the peer had been silent when the connection died");
  add("</div>");
}

void Page::write_sizes() {
  if (!has_size_trouble(report_)) return;
  add("<section><h2>Not acknowledged, by size of the response</h2>");
  add_chart("sizes", "Share of the responses that were not acknowledged, by size", 220);
  add("<details><summary>Table</summary>{}</details></section>", sizes_table(report_));
}

void Page::write_notes() {
  const auto notes = notes_of(report_);
  if (notes.empty()) return;
  add("<section class=\"long\"><h2>Notes on the input</h2>");
  for (const std::string& note : notes) add("<p class=\"muted\">{}</p>", html(note));
  add("</section>");
}

void Page::write_end() {
  add("<footer><p>Made by connfate report. \"Acknowledged\" means by the TCP of the peer address, "
      "not read by an application. \"peer\" means the client or the path between, not told apart: "
      "no device is named. <code>connfate explain FATE</code> says what a fate means.</p></footer>"
      "\n</main>");
  add(R"(<script type="application/json" id="charts">{}</script>)",
      json_in_html(charts_json(report_)));
  add("<!--\n{}-->\n<script>{}</script>\n<script>\n{}</script>\n</body>\n</html>",
      chart_library_licence(), chart_library(), page_script());
}

}  // namespace

std::string to_html(const Summary& summary, const PageOptions& options) {
  return Page(summary, options).write();
}

}  // namespace connfate::cli::report

// SPDX-License-Identifier: Apache-2.0
#include "cli/report/render/html_charts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "cli/figures.hpp"
#include "cli/printable.hpp"
#include "cli/report/render/text_layout.hpp"

namespace connfate::cli::report {
namespace {

using Json = nlohmann::ordered_json;

/// One series for each kind of trouble that occurs in the rows, the most frequent first.
template <typename Row>
Json trouble_series(const std::vector<Row>& rows) {
  FateCounts all;
  for (const Row& row : rows) all.add(row.fates);
  Json series = Json::array();
  for (const Fate fate : troubles(all)) {
    Json values = Json::array();
    for (const Row& row : rows) values.push_back(row.fates.trouble(fate));
    series.push_back({{"name", to_token(fate)}, {"colour", to_token(fate)}, {"values", values}});
  }
  return series;
}

/// Every stretch of time, those without requests, too.
std::vector<TimelineRow> without_gaps(const TimelineRows& timeline) {
  std::vector<TimelineRow> rows;
  for (const TimelineRow& row : timeline.rows) {
    while (!rows.empty() && rows.back().start + timeline.width < row.start) {
      rows.push_back({rows.back().start + timeline.width, {}});
    }
    rows.push_back(row);
  }
  return rows;
}

Json time_labels(const std::vector<TimelineRow>& rows, std::int64_t width) {
  constexpr std::size_t kDay = 10;  // of "2026-11-24T08:00:00Z"
  const bool is_one_day = !rows.empty() && time_text(rows.front().start).substr(0, kDay) ==
                                               time_text(rows.back().start).substr(0, kDay);
  Json labels = Json::array();
  for (const TimelineRow& row : rows) {
    const std::string text = time_text(row.start);
    const std::string time = text.size() < 19 ? text : text.substr(11, width < 60 ? 8 : 5);
    labels.push_back(is_one_day || text.size() < 19 ? time : text.substr(5, 5) + ' ' + time);
  }
  return labels;
}

void add_timeline(Json& charts, const Summary& summary) {
  const auto rows = without_gaps(summary.timeline);
  Json requests = Json::array();
  for (const TimelineRow& row : rows) requests.push_back(row.fates.total());
  const Json labels = time_labels(rows, summary.timeline.width);
  charts["timeline"] = {{"kind", "columns"},
                        {"labels", labels},
                        {"series", trouble_series(rows)},
                        {"axis", "requests in trouble"}};
  charts["requests"] = {
      {"kind", "columns"},
      {"labels", labels},
      {"series", {{{"name", "requests"}, {"colour", "pending"}, {"values", requests}}}},
      {"axis", "requests"}};
}

void add_groups(Json& charts, const GroupRows& groups, const std::string& name) {
  Json labels = Json::array();
  for (const GroupRow& row : groups.rows) labels.push_back(printable(row.name));
  charts[name] = {{"kind", "rows"}, {"labels", labels}, {"series", trouble_series(groups.rows)}};
}

void add_seconds(Json& charts, const SecondsRows& seconds, const std::string& name) {
  Json labels = Json::array();
  Json values = Json::array();
  Json marked = Json::array();
  for (const HistogramRow& row : seconds.rows) {
    if (row.has_cliff) marked.push_back(labels.size());
    labels.push_back(row.label);
    values.push_back(row.count);
  }
  charts[name] = {{"kind", "columns"},
                  {"labels", labels},
                  {"series", {{{"name", "requests"}, {"colour", "accent"}, {"values", values}}}},
                  {"axis", "requests"},
                  {"marked", marked}};
}

void add_sizes(Json& charts, const Summary& summary) {
  Json labels = Json::array();
  Json values = Json::array();
  Json notes = Json::array();
  Json marked = Json::array();
  for (const SizeRow& row : summary.sizes) {
    if (summary.step && row.from >= summary.step->edge) marked.push_back(labels.size());
    labels.push_back(size_label(row));
    const double share = 100.0 * static_cast<double>(row.unacknowledged) /
                         static_cast<double>(std::max<std::uint64_t>(row.requests, 1));
    values.push_back(share);
    notes.push_back(fmt::format("{} of {} not acknowledged ({})", with_commas(row.unacknowledged),
                                with_commas(row.requests),
                                percent(row.unacknowledged, row.requests)));
  }
  charts["sizes"] = {
      {"kind", "columns"},
      {"labels", labels},
      {"series", {{{"name", "not acknowledged"}, {"colour", "accent"}, {"values", values}}}},
      {"axis", "not acknowledged"},
      {"unit", " %"},
      {"marked", marked},
      {"notes", notes}};
}

}  // namespace

bool has_size_trouble(const Summary& summary) {
  return std::ranges::any_of(summary.sizes,
                             [](const SizeRow& row) { return row.unacknowledged > 0; });
}

std::string size_label(const SizeRow& row) {
  return row.to ? fmt::format("{}-{}", row.from, *row.to - 1) : fmt::format(">= {}", row.from);
}

std::string charts_json(const Summary& summary) {
  Json charts = Json::object();
  add_timeline(charts, summary);
  for (const GroupRows& groups : summary.worst) {
    add_groups(charts, groups, "worst-" + groups.dimension);
  }
  if (summary.by_chosen) add_groups(charts, *summary.by_chosen, "by");
  add_seconds(charts, summary.durations, "durations");
  add_seconds(charts, summary.silences, "silences");
  if (has_size_trouble(summary)) add_sizes(charts, summary);
  return charts.dump(-1, ' ', true, Json::error_handler_t::replace);
}

}  // namespace connfate::cli::report

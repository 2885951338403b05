// SPDX-License-Identifier: Apache-2.0
#include "cli/report/judge/make_summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cli/report/judge/findings.hpp"
#include "cli/report/judge/now_words.hpp"
#include "cli/report/judge/words.hpp"

namespace connfate::cli::report {
namespace {

FateCounts widened(const BasicFateCounts<std::uint32_t>& counts) noexcept {
  FateCounts wide;
  wide.add(counts);
  return wide;
}

/// How much more trouble a group has than its share of requests would bring.
double excess(const GroupRow& row, double rate) noexcept {
  return static_cast<double>(row.fates.trouble()) - static_cast<double>(row.fates.total()) * rate;
}

GroupRows rows_of(std::string_view dimension, const GroupTable& table) {
  GroupRows rows;
  rows.dimension = dimension;
  rows.names = table.groups().size() + table.names_dropped();
  rows.names_dropped = table.names_dropped();
  rows.other_requests = table.other().total();
  for (const auto& [name, group] : table.groups()) {
    rows.rows.push_back({name, widened(group.fates), group.before_trouble, group.before_requests});
  }
  return rows;
}

template <typename Less>
void keep_first(std::vector<GroupRow>& rows, std::size_t most, const Less& less) {
  const auto middle = rows.begin() + static_cast<std::ptrdiff_t>(std::min(most, rows.size()));
  std::partial_sort(rows.begin(), middle, rows.end(), less);
  rows.erase(middle, rows.end());
}

GroupRows worst_of(std::string_view dimension, const GroupTable& table, const FateCounts& all,
                   std::size_t most) {
  GroupRows rows = rows_of(dimension, table);
  std::erase_if(rows.rows,
                [](const GroupRow& row) { return row.fates.trouble() + row.fates.left() == 0; });
  const double rate = static_cast<double>(all.trouble()) /
                      static_cast<double>(std::max<std::uint64_t>(all.total(), 1));
  keep_first(rows.rows, most, [rate](const GroupRow& a, const GroupRow& b) {
    const double x = excess(a, rate);
    const double y = excess(b, rate);
    return x != y ? x > y : a.name < b.name;
  });
  return rows;
}

GroupRows chosen_rows(const Aggregate& counted, std::size_t most) {
  GroupRows rows = rows_of(counted.chosen_by->name(), *counted.chosen);
  keep_first(rows.rows, most, [](const GroupRow& a, const GroupRow& b) {
    return std::pair(b.fates.total(), a.name) < std::pair(a.fates.total(), b.name);
  });
  const bool is_time = rows.dimension == "minute" || rows.dimension == "hour";
  if (is_time) std::ranges::sort(rows.rows, {}, &GroupRow::name);
  return rows;
}

TimelineRows rows_of(const Timeline& all, std::size_t most) {
  const Timeline timeline = all.coarser(most);
  TimelineRows rows{timeline.width(), {}};
  for (const auto& [start, fates] : timeline.buckets()) rows.rows.push_back({start, fates});
  return rows;
}

void add_changes(Summary& summary, const FateCounts& before, const FateCounts& now) {
  if (before.total() == 0 || now.total() == 0) return;
  for (int i = 0; i < kFateCount; ++i) {
    const auto fate = static_cast<Fate>(i);
    if (before[fate] + now[fate] == 0) continue;
    summary.changes.push_back({fate, before[fate], before.total(), now[fate], now.total()});
  }
  std::ranges::stable_sort(summary.changes, [](const Change& a, const Change& b) {
    return std::abs(significance(a)) > std::abs(significance(b));
  });
}

/// Without a period to compare with: the second half of the log's time with the first.
void compare_halves(Summary& summary, const Timeline& timeline) {
  const auto& buckets = timeline.buckets();
  if (buckets.size() < 2) return;
  const std::int64_t middle =
      buckets.begin()->first +
      (buckets.rbegin()->first - buckets.begin()->first + timeline.width()) / 2;
  FateCounts first;
  FateCounts second;
  for (const auto& [start, fates] : buckets) (start < middle ? first : second).add(fates);
  summary.compares_halves = true;
  add_changes(summary, first, second);
}

std::string seconds_label(std::size_t from, std::size_t to) {
  return to == from + 1 ? fmt::format("{} s", from) : fmt::format("{}-{} s", from, to - 1);
}

/// Rows of seconds whose edges put each known timer into a row of its own.
SecondsRows rows_of(const SecondsHistogram& histogram, std::uint64_t not_known) {
  static constexpr std::size_t kEdges[] = {1,   2,   3,   5,   10,  30,  60,  62,  100,  240, 242,
                                           300, 302, 350, 352, 600, 602, 900, 902, 3600, 3602};
  SecondsRows rows;
  rows.known = histogram.total();
  rows.not_known = not_known;
  rows.cliff = histogram.cliff();
  const auto add = [&rows](std::string label, std::uint64_t count, bool has_cliff = false) {
    if (count > 0) rows.rows.push_back({std::move(label), count, has_cliff});
  };
  const auto has_cliff = [&rows](std::size_t from, std::size_t to) {
    if (!rows.cliff) return false;
    const auto seconds = static_cast<std::size_t>(rows.cliff->from);
    return seconds >= from && seconds < to;
  };
  add("< 0.1 s", histogram.tenth(0));
  add("0.1-0.9 s", histogram.between(0, 1) - histogram.tenth(0));
  for (std::size_t i = 0; i + 1 < std::size(kEdges); ++i) {
    const std::size_t from = kEdges[i];
    const std::size_t to = kEdges[i + 1];
    add(seconds_label(from, to), histogram.between(from, to), has_cliff(from, to));
  }
  add(">= 3602 s", histogram.between(3602, SecondsHistogram::longest() + 1));
  return rows;
}

void add_sizes(Summary& summary, const SizeBins& bins) {
  for (std::size_t i = 0; i < kSizeBinCount; ++i) {
    if (bins.requests[i] == 0) continue;
    SizeRow row{kSizeEdges[i], std::nullopt, bins.requests[i], bins.delivered[i],
                bins.unacknowledged[i]};
    if (i + 1 < kSizeBinCount) row.to = kSizeEdges[i + 1];
    summary.sizes.push_back(row);
  }
  const SizeStep step = find_step(bins);
  if (step.edge > 0) summary.step = step;
}

void add_groups(Summary& summary, const Aggregate& counted, std::size_t most) {
  summary.worst.push_back(worst_of("network", counted.networks, counted.fates, most));
  summary.worst.push_back(worst_of("host", counted.hosts, counted.fates, most));
  summary.worst.push_back(worst_of("pattern", counted.paths, counted.fates, most));
  if (counted.chosen) summary.by_chosen = chosen_rows(counted, most);
}

}  // namespace

Summary make_summary(const Aggregate& counted, const RequestFeed& feed,
                     const SummaryOptions& options) {
  Summary summary;
  summary.lines = feed.counts();
  summary.witness_only = feed.is_witness_only();
  summary.joined = summary.witness_only ? 0 : feed.counts().joined;
  const std::uint64_t verdicts = summary.witness_only ? 0 : feed.join().size();
  summary.verdicts_unused = verdicts - std::min(feed.join().joined(), verdicts);
  summary.verdicts_dropped = feed.join().dropped();
  summary.fates = counted.fates;
  summary.changed_by_witness = counted.changed_by_witness;
  summary.by = counted.by;
  summary.by_of_fate = counted.by_of_fate;
  summary.without_time = counted.without_time;
  summary.first_time = counted.first_time;
  summary.last_time = counted.last_time;
  summary.without_size = counted.without_size;
  summary.timeline = rows_of(counted.timeline, options.most_buckets);
  summary.screen_timeline = rows_of(counted.timeline, options.most_screen_buckets);
  if (options.compares_periods) {
    add_changes(summary, counted.before, counted.fates);
  } else {
    compare_halves(summary, counted.timeline);
  }
  add_groups(summary, counted, options.most_rows);
  summary.durations = rows_of(counted.durations, counted.failures_without_duration);
  summary.silences = rows_of(counted.silences, counted.failures_without_silence);
  add_sizes(summary, counted.sizes);
  summary.findings = find_findings(counted);
  summary.unanswered = counted.silent_networks.unanswered();
  summary.fallen = counted.silent_networks.fallen();
  // Of a part of the requests, or of a log of trouble, an end says nothing of all of them.
  const bool are_all = counted.is_in_order && summary.lines.filtered == 0;
  if (are_all && !has_no_shares(summary)) summary.stopped = counted.stopped_networks.rows();
  summary.closed_by_server = counted.closed_by_server;
  summary.answered_with_errors = counted.answered_with_errors;
  summary.has_hosts = !counted.hosts.groups().empty();
  summary.has_durations = counted.durations.total() > 0;
  summary.findings_are_of_a_sample = !counted.failures.is_complete();
  for (Finding& finding : summary.findings) finding.no_shares = has_no_shares(summary);
  if (has_no_shares(summary)) summary.changes.clear();  // of a share that is always all
  summary.conclusion = conclusion_of(summary);
  return summary;
}

}  // namespace connfate::cli::report

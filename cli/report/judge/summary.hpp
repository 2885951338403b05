// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Summary: all that `connfate report` has to say, as plain data. Made by make_summary(),
// read by the renderers (text, JSON, CSV, HTML), each of which only arranges it. Surprising: names
// and texts come from the log. A renderer escapes them for its own medium.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/log/log_time.hpp"
#include "cli/report/count/error_answers.hpp"
#include "cli/report/count/failure_window.hpp"
#include "cli/report/count/seconds_histogram.hpp"
#include "cli/report/count/silent_networks.hpp"
#include "cli/report/count/size_bins.hpp"
#include "cli/report/count/stopped_networks.hpp"
#include "cli/report/input/fate_counts.hpp"
#include "cli/report/input/line_counts.hpp"

namespace connfate::cli::report {

struct TimelineRow {
  std::int64_t start = 0;  ///< seconds since 1970
  FateCounts fates;
};

struct TimelineRows {
  std::int64_t width = 0;         ///< seconds
  std::vector<TimelineRow> rows;  ///< ascending; a time without requests has none
};

/// One fate in two periods.
struct Change {
  Fate fate = Fate::kUnknown;
  std::uint64_t before = 0;
  std::uint64_t before_of = 0;  ///< all requests of that period
  std::uint64_t now = 0;
  std::uint64_t now_of = 0;
};

struct GroupRow {
  std::string name;
  FateCounts fates;
  std::uint64_t before_trouble = 0;
  std::uint64_t before_requests = 0;
};

struct GroupRows {
  std::string dimension;  ///< a name that --where understands
  std::vector<GroupRow> rows;
  std::uint64_t names = 0;           ///< how many there are
  std::uint64_t names_dropped = 0;   ///< above 0: counts are lower bounds
  std::uint64_t other_requests = 0;  ///< of the names that were dropped
};

struct HistogramRow {
  std::string label;
  std::uint64_t count = 0;
  bool has_cliff = false;  ///< SecondsRows::cliff lies in it
};

struct SecondsRows {
  std::vector<HistogramRow> rows;
  std::uint64_t known = 0;
  std::uint64_t not_known = 0;
  std::optional<Cliff> cliff;
};

struct SizeRow {
  std::uint64_t from = 0;
  std::optional<std::uint64_t> to;
  std::uint64_t requests = 0;
  std::uint64_t delivered = 0;
  std::uint64_t unacknowledged = 0;
};

/// Another group that nearly all failures of a finding are in, too.
struct Overlap {
  std::string dimension;
  std::string name;
  std::uint64_t count = 0;
  std::uint64_t of = 0;  ///< failures looked at
};

/// What stands out: a fate that one group has far more often than the rest.
struct Finding {
  Fate fate = Fate::kUnknown;
  bool client_left = false;  ///< ended by the clients themselves: no trouble
  std::string dimension;
  std::string name;
  std::uint64_t count = 0;     ///< requests of the group with that fate
  std::uint64_t requests = 0;  ///< of the group
  std::uint64_t count_elsewhere = 0;
  std::uint64_t requests_elsewhere = 0;
  ByCounts by{};              ///< of the group's failures of that fate
  std::uint64_t clients = 0;  ///< addresses among them
  std::uint64_t still_sending =
      0;                        ///< of a request_timeout: heard shortly before the timer ran out
  bool has_own_resets = false;  ///< the group has RSTs of the clients themselves, too
  std::uint64_t sampled = 0;    ///< failures that were looked at for what follows
  std::uint64_t clients_patience = 0;  ///< of an ack_stalled: ended when the client had enough
  bool no_shares = false;     ///< all that was counted is a log of trouble: `requests` says nothing
  bool on_this_host = false;  ///< all clients are programs here: there is no path
  std::vector<Overlap> also;
  std::optional<FailureWindow> window;  ///< none: they are spread over the log
  std::uint64_t requests_before = 0;    ///< of the group, before its first failure of any kind
  std::optional<Cliff> duration;
  std::optional<Cliff> silence;
  std::optional<SizeStep> step;
};

/// In words. The findings stand between `now` and `limits`.
struct Conclusion {
  std::string overall;              ///< the headline: of trouble alone
  std::vector<std::string> apart;   ///< what is counted, and is no trouble
  std::vector<std::string> now;     ///< what hangs, has fallen silent, or has stopped
  std::vector<std::string> limits;  ///< sentences
};

struct Summary {
  LineCounts lines;
  std::uint64_t joined = 0;  ///< requests whose fate the witness knew
  std::uint64_t verdicts_unused = 0;
  std::uint64_t verdicts_dropped = 0;
  bool witness_only = false;

  FateCounts fates;
  FateCounts changed_by_witness;
  ByCounts by{};
  std::array<ByCounts, kFateCount> by_of_fate{};
  std::uint64_t without_time = 0;
  std::optional<log::LogTime> first_time;
  std::optional<log::LogTime> last_time;

  TimelineRows timeline;
  TimelineRows screen_timeline;  ///< the same, coarse enough for a terminal
  bool compares_halves = false;  ///< of the log; otherwise with the period before --since
  std::vector<Change> changes;
  std::vector<GroupRows> worst;
  std::optional<GroupRows> by_chosen;
  SecondsRows durations;
  SecondsRows silences;
  std::vector<SizeRow> sizes;
  std::uint64_t without_size = 0;
  std::optional<SizeStep> step;
  std::vector<UnansweredRow> unanswered;
  std::vector<FallenRow> fallen;
  std::vector<StoppedRow> stopped;
  ClosedByServer closed_by_server;
  ErrorAnswers answered_with_errors;
  bool has_hosts = false;      ///< of the requests: findings by host are possible
  bool has_durations = false;  ///< of those in trouble: timers can be found
  std::vector<Finding> findings;
  bool findings_are_of_a_sample = false;
  Conclusion conclusion;
  std::vector<std::string> unreadable;  ///< files, with the reason
};

}  // namespace connfate::cli::report

// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Aggregate: everything that report counts, in memory that does not grow with the input.
// Fed by RequestFeed with the requests that pass the filters; made into a Summary at the end.

#include <array>
#include <optional>
#include <string>

#include "cli/report/count/error_answers.hpp"
#include "cli/report/count/failure_samples.hpp"
#include "cli/report/count/group_table.hpp"
#include "cli/report/count/seconds_histogram.hpp"
#include "cli/report/count/silent_networks.hpp"
#include "cli/report/count/stopped_networks.hpp"
#include "cli/report/count/timeline.hpp"
#include "cli/report/input/fate_counts.hpp"
#include "cli/report/input/request.hpp"
#include "cli/report/input/selector.hpp"

namespace connfate::cli::report {

class Aggregate {
 public:
  /// `by`: a further table, of what --by asks for.
  explicit Aggregate(std::optional<Selector> by = std::nullopt);

  void add(const Request& request);
  /// A line of the witness, whatever it is about.
  void add_witness(const log::Record& record);
  /// A request of the period before: for comparison only.
  void add_before(const Request& request);

  FateCounts fates;
  FateCounts before;
  FateCounts changed_by_witness;  ///< by the fate in the access log
  ByCounts by{};
  std::array<ByCounts, kFateCount> by_of_fate{};
  std::uint64_t without_time = 0;
  std::uint64_t without_size = 0;
  std::uint64_t failures_without_duration = 0;
  std::uint64_t failures_without_silence = 0;
  std::optional<log::LogTime> first_time;
  std::optional<log::LogTime> last_time;
  bool is_in_order = true;  ///< no line is a minute older than one before it
  Timeline timeline;
  SizeBins sizes;
  SecondsHistogram durations;  ///< of the requests in trouble, and of those whose client left
  SecondsHistogram silences;   ///< since the peer was last heard, of connections that died
  GroupTable networks;
  GroupTable hosts;
  GroupTable paths;
  std::optional<GroupTable> chosen;  ///< --by
  std::optional<Selector> chosen_by;
  FailureSamples failures;
  SilentNetworks silent_networks;
  StoppedNetworks stopped_networks;
  ClosedByServer closed_by_server;
  ErrorAnswers answered_with_errors;

 private:
  void add_time(const Request& request);
  void add_failure(const Request& request, const std::array<Group*, 3>& groups);
  void add_size(const Request& request, const std::array<Group*, 3>& groups);
  std::array<Group*, 3> groups_of(const Request& request);

  std::string scratch_;
  std::array<std::uint64_t, 3> hashes_{};
};

}  // namespace connfate::cli::report

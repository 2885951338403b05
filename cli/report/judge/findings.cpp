// SPDX-License-Identifier: Apache-2.0
#include "cli/report/judge/findings.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace connfate::cli::report {
namespace {

constexpr std::uint64_t kLeastFailures = 10;
constexpr double kLeastRatio = 5;
constexpr double kLeastDeviations = 6;
constexpr std::size_t kMostFindings = 12;
constexpr std::size_t kMostOfOneKind = 3;  ///< of one fate, in one dimension
constexpr double kSameFailures = 0.9;      ///< of the smaller finding, to be the same matter

struct Scored {
  Finding finding;
  double deviations;
};

double rate(std::uint64_t count, std::uint64_t of) noexcept {
  return of == 0 ? 0 : static_cast<double>(count) / static_cast<double>(of);
}

/// How far the group's count is from what the rate of all requests would bring.
double deviations_of(const Finding& finding) noexcept {
  const double all =
      rate(finding.count + finding.count_elsewhere, finding.requests + finding.requests_elsewhere);
  const double expected = static_cast<double>(finding.requests) * all;
  return (static_cast<double>(finding.count) - expected) / std::sqrt(expected * (1 - all) + 1);
}

bool stands_out(const Finding& finding) noexcept {
  if (finding.count < kLeastFailures || finding.requests_elsewhere == 0) return false;
  return rate(finding.count, finding.requests) >=
             kLeastRatio * rate(finding.count_elsewhere, finding.requests_elsewhere) &&
         deviations_of(finding) >= kLeastDeviations;
}

std::int64_t to_seconds(log::LogTime time) noexcept {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

/// The whole time that was counted.
std::int64_t seconds_between(const Aggregate& counted) noexcept {
  if (!counted.first_time) return 0;
  return to_seconds(*counted.last_time) - to_seconds(*counted.first_time);
}

struct Dimension {
  std::string_view name;
  const GroupTable& table;
  std::uint64_t FailureSample::*hash;
};

/// One fate may be two matters: RSTs of the clients themselves, and RSTs of which nobody knows.
template <typename Count>
std::uint64_t count_of(const Finding& kind, const BasicFateCounts<Count>& fates) noexcept {
  if (kind.fate != Fate::kRstReceived) return fates[kind.fate];
  return kind.client_left ? fates.left(kind.fate) : fates.trouble(kind.fate);
}

bool is_of(const FailureSample& sample, const Finding& kind) noexcept {
  return sample.fate == kind.fate && client_left(sample.fate, sample.by) == kind.client_left;
}

/// Silent for far less than the server waited: something of the request came all the time.
bool is_still_sending(const FailureSample& sample) noexcept {
  constexpr std::uint32_t kFarLess = 4;
  const bool known = sample.silence_ms != FailureSample::kNotKnown &&
                     sample.duration_ms != FailureSample::kNotKnown;
  return sample.fate == Fate::kRequestTimeout && known &&
         sample.silence_ms < sample.duration_ms / kFarLess;
}

void add_common_traits(Finding& finding, const Dimension& dimension, const Aggregate& counted) {
  const std::uint64_t hash = GroupTable::hash_of(finding.name);
  SecondsHistogram durations;
  SecondsHistogram silences;
  std::vector<std::int64_t> times;
  std::set<std::uint64_t> clients;
  bool on_this_host = true;
  for (const FailureSample& sample : counted.failures.all()) {
    if (!is_of(sample, finding) || sample.*dimension.hash != hash) continue;
    ++finding.by[static_cast<std::size_t>(sample.by)];
    clients.insert(sample.client);
    ++finding.sampled;
    if (sample.clients_patience) ++finding.clients_patience;
    on_this_host = on_this_host && sample.on_this_host;
    if (is_still_sending(sample)) ++finding.still_sending;
    if (sample.time != FailureSample::kNoTime) times.push_back(sample.time);
    if (sample.duration_ms != FailureSample::kNotKnown) {
      durations.add(std::chrono::milliseconds(sample.duration_ms));
    }
    if (sample.silence_ms != FailureSample::kNotKnown) {
      silences.add(std::chrono::milliseconds(sample.silence_ms));
    }
  }
  finding.clients = clients.size();
  finding.on_this_host = on_this_host && !clients.empty();
  finding.window = find_window(std::move(times), seconds_between(counted));
  finding.duration = durations.cliff();
  finding.silence = silences.cliff();
}

/// Requests before the first failure tell of a beginning only when that is the window's.
void keep_requests_before_window(Finding& finding, const Aggregate& counted) {
  const auto& table = finding.dimension == "network" ? counted.networks
                      : finding.dimension == "host"  ? counted.hosts
                                                     : counted.paths;
  const Group* const group = table.find(finding.name);
  const bool begins = counted.is_in_order && finding.window && group != nullptr &&
                      group->first_failure &&
                      to_seconds(*group->first_failure) >= finding.window->from;
  if (!begins) finding.requests_before = 0;
}

void add_group_traits(Finding& finding, const Group& group) {
  finding.requests_before = group.requests_before_failure;
  const SizeStep step = find_step(group.sizes);
  if (step.edge > 0 && is_unacknowledged(finding.fate)) finding.step = step;
}

std::vector<Scored> scored_of(const Finding& kind, const Dimension& dimension,
                              const FateCounts& all) {
  std::vector<Scored> scored;
  for (const auto& [name, group] : dimension.table.groups()) {
    Finding finding = kind;
    finding.count = count_of(kind, group.fates);
    finding.requests = group.fates.total();
    finding.has_own_resets =
        !kind.client_left && kind.fate == Fate::kRstReceived && group.fates.left(kind.fate) > 0;
    finding.count_elsewhere = count_of(kind, all) - finding.count;
    finding.requests_elsewhere = all.total() - finding.requests;
    if (!stands_out(finding)) continue;
    finding.dimension = dimension.name;
    finding.name = name;
    add_group_traits(finding, group);
    const double deviations = deviations_of(finding);
    scored.push_back({std::move(finding), deviations});
  }
  std::ranges::sort(scored, [](const Scored& a, const Scored& b) {
    return a.deviations != b.deviations ? a.deviations > b.deviations
                                        : a.finding.name < b.finding.name;
  });
  if (scored.size() > kMostOfOneKind) scored.resize(kMostOfOneKind);
  return scored;
}

std::uint64_t FailureSample::*hash_of(std::string_view dimension) noexcept {
  if (dimension == "network") return &FailureSample::network;
  return dimension == "host" ? &FailureSample::host : &FailureSample::path;
}

struct Shared {
  std::uint64_t both = 0;
  std::uint64_t of_weaker = 0;
};

Shared shared_by(const Finding& stronger, const Finding& weaker, const FailureSamples& failures) {
  const std::uint64_t strong_hash = GroupTable::hash_of(stronger.name);
  const std::uint64_t weak_hash = GroupTable::hash_of(weaker.name);
  const auto strong = hash_of(stronger.dimension);
  const auto weak = hash_of(weaker.dimension);
  Shared shared;
  for (const FailureSample& sample : failures.all()) {
    if (!is_of(sample, weaker) || sample.*weak != weak_hash) continue;
    ++shared.of_weaker;
    if (sample.*strong == strong_hash) ++shared.both;
  }
  return shared;
}

/// Whether the failures of `weaker` are those of a finding that is told already; then they are
/// mentioned there.
bool is_told(const Finding& weaker, std::vector<Finding>& told, const FailureSamples& failures) {
  for (Finding& stronger : told) {
    const bool one_kind =
        stronger.fate == weaker.fate && stronger.client_left == weaker.client_left;
    if (!one_kind || stronger.dimension == weaker.dimension) continue;
    const Shared shared = shared_by(stronger, weaker, failures);
    if (static_cast<double>(shared.both) < kSameFailures * static_cast<double>(shared.of_weaker)) {
      continue;
    }
    stronger.also.push_back({weaker.dimension, weaker.name, shared.both, shared.of_weaker});
    return true;
  }
  return false;
}

/// Every fate that is not simply well, and RSTs twice.
std::vector<Finding> kinds_of_findings() {
  std::vector<Finding> kinds;
  const auto add = [&kinds](Fate fate, bool left) {
    Finding kind;
    kind.fate = fate;
    kind.client_left = left;
    kinds.push_back(std::move(kind));
  };
  for (int i = 0; i < kFateCount; ++i) {
    const auto fate = static_cast<Fate>(i);
    if (fate == Fate::kDelivered || fate == Fate::kPending) continue;
    add(fate, client_left(fate, usual_by(fate)));
  }
  add(Fate::kRstReceived, true);
  return kinds;
}

}  // namespace

std::vector<Finding> find_findings(const Aggregate& counted) {
  const Dimension dimensions[] = {{"network", counted.networks, &FailureSample::network},
                                  {"host", counted.hosts, &FailureSample::host},
                                  {"pattern", counted.paths, &FailureSample::path}};
  std::vector<Scored> all;
  for (const Finding& kind : kinds_of_findings()) {
    if (count_of(kind, counted.fates) < kLeastFailures) continue;
    for (const Dimension& dimension : dimensions) {
      for (Scored& scored : scored_of(kind, dimension, counted.fates)) {
        add_common_traits(scored.finding, dimension, counted);
        keep_requests_before_window(scored.finding, counted);
        all.push_back(std::move(scored));
      }
    }
  }
  std::ranges::stable_sort(all, std::greater(), &Scored::deviations);
  std::vector<Finding> findings;
  for (Scored& scored : all) {
    if (findings.size() >= kMostFindings) break;
    if (!is_told(scored.finding, findings, counted.failures)) {
      findings.push_back(std::move(scored.finding));
    }
  }
  return findings;
}

double significance(const Change& change) noexcept {
  const double all = rate(change.before + change.now, change.before_of + change.now_of);
  const double spread = all * (1 - all) *
                        (1 / static_cast<double>(std::max<std::uint64_t>(change.before_of, 1)) +
                         1 / static_cast<double>(std::max<std::uint64_t>(change.now_of, 1)));
  if (spread <= 0) return 0;
  return (rate(change.now, change.now_of) - rate(change.before, change.before_of)) /
         std::sqrt(spread);
}

}  // namespace connfate::cli::report

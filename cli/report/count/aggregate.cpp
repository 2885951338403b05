// SPDX-License-Identifier: Apache-2.0
#include "cli/report/count/aggregate.hpp"

#include <algorithm>

#include "cli/report/input/client_prefix.hpp"
#include "cli/report/input/uri_pattern.hpp"

namespace connfate::cli::report {
namespace {

using log::FieldId;

// About 400 bytes each with its name: 40 MB in all.
constexpr std::size_t kMostNetworks = 40'000;
constexpr std::size_t kMostHosts = 10'000;
constexpr std::size_t kMostPaths = 30'000;
constexpr std::size_t kMostChosen = 30'000;

/// The connection itself ended: how long the peer had been silent means something.
bool connection_died(Fate fate) noexcept {
  return is_unacknowledged(fate) || fate == Fate::kBrokenPipe;
}

std::string_view rule_of(const Request& request) {
  return request.last_word != nullptr ? request.last_word->rule
                                      : request.record->field(FieldId::kRule);
}

std::uint32_t to_milliseconds(std::uint64_t count) noexcept {
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(count, FailureSample::kNotKnown - 1));
}

/// What the findings look at: trouble, what the client ended itself, and requests that never came.
bool is_failure(const Request& request) noexcept {
  return is_trouble(request.fate, request.by) || client_left(request.fate, request.by) ||
         request.fate == Fate::kNoRequest;
}

}  // namespace

Aggregate::Aggregate(std::optional<Selector> by_name)
    : networks(kMostNetworks), hosts(kMostHosts), paths(kMostPaths), chosen_by(by_name) {
  if (by_name) chosen.emplace(kMostChosen);
}

std::array<Group*, 3> Aggregate::groups_of(const Request& request) {
  const log::Record& record = *request.record;
  std::array<Group*, 3> groups{};
  const auto enter = [this, &groups](std::size_t index, GroupTable& table, std::string_view name) {
    if (name.empty()) return;
    hashes_[index] = GroupTable::hash_of(name);
    groups[index] = &table.at(name, hashes_[index]);
  };
  hashes_ = {};
  enter(0, networks, network_of(record.client, scratch_));
  enter(1, hosts, record.host.substr(0, kLongestPath));
  enter(2, paths, pattern_of(record.uri, scratch_));
  return groups;
}

void Aggregate::add_time(const Request& request) {
  const auto& time = request.record->time;
  if (!time) {
    ++without_time;
    return;
  }
  timeline.add(*time, request.fate, request.by);
  if (!first_time || *time < *first_time) first_time = time;
  if (last_time && *time < *last_time - std::chrono::minutes(1)) is_in_order = false;
  if (!last_time || *time > *last_time) last_time = time;
}

void Aggregate::add_size(const Request& request, const std::array<Group*, 3>& groups) {
  const auto size = request.record->number(FieldId::kWritten);
  if (!size) {
    ++without_size;
    return;
  }
  const std::size_t bin = size_bin(*size);
  const auto count = [&](SizeBins& bins) {
    ++bins.requests[bin];
    if (request.fate == Fate::kDelivered) ++bins.delivered[bin];
    if (is_unacknowledged(request.fate)) ++bins.unacknowledged[bin];
  };
  count(sizes);
  for (Group* group : groups) {
    if (group != nullptr) count(group->sizes);
  }
}

void Aggregate::add_failure(const Request& request, const std::array<Group*, 3>& groups) {
  const log::Record& record = *request.record;
  FailureSample sample{.fate = request.fate,
                       .by = request.by,
                       .clients_patience = rule_of(request) == "final-client-left-in-vain",
                       .on_this_host = is_loopback(record.client),
                       .client = GroupTable::hash_of(record.client),
                       .network = hashes_[0],
                       .host = hashes_[1],
                       .path = hashes_[2]};
  if (record.time) {
    sample.time = std::chrono::floor<std::chrono::seconds>(*record.time).time_since_epoch().count();
  }
  if (record.duration) {
    durations.add(*record.duration);
    sample.duration_ms =
        to_milliseconds(static_cast<std::uint64_t>(record.duration->count() / 1000));
  } else {
    ++failures_without_duration;
  }
  if (connection_died(request.fate)) {
    const auto silence = record.number(FieldId::kSilenceMs);
    if (silence) {
      sample.silence_ms = to_milliseconds(*silence);
      silences.add(std::chrono::milliseconds(sample.silence_ms));
    } else {
      ++failures_without_silence;
    }
  }
  if (request.fate == Fate::kRequestTimeout) {
    const auto silence = record.number(FieldId::kSilenceMs);
    if (silence) sample.silence_ms = to_milliseconds(*silence);
  }
  failures.add(sample);
  for (Group* group : groups) {
    if (group == nullptr) continue;
    const bool is_earlier =
        record.time && (!group->first_failure || *record.time < *group->first_failure);
    if (is_earlier) group->first_failure = record.time;
    if (group->fates.trouble() + group->fates.left() > 1) continue;
    group->requests_before_failure = static_cast<std::uint32_t>(group->fates.total() - 1);
  }
}

void Aggregate::add(const Request& request) {
  answered_with_errors.add(request);
  fates.add(request.fate, request.by);
  ++by[static_cast<std::size_t>(request.by)];
  ++by_of_fate[static_cast<std::size_t>(request.fate)][static_cast<std::size_t>(request.by)];
  if (request.last_word != nullptr && request.record->fate &&
      *request.record->fate != request.fate) {
    ++changed_by_witness[*request.record->fate];
  }
  add_time(request);
  const auto groups = groups_of(request);
  stopped_networks.add(request, hashes_[0]);
  for (Group* group : groups) {
    if (group != nullptr) group->fates.add(request.fate, request.by);
  }
  add_size(request, groups);
  if (is_failure(request)) add_failure(request, groups);
  if (chosen) {
    const std::string_view name = chosen_by->value(request, scratch_);
    Group& group = chosen->at(name.empty() ? "-" : name.substr(0, kLongestPath));
    group.fates.add(request.fate, request.by);
  }
}

void Aggregate::add_witness(const log::Record& record) {
  silent_networks.learn(record);
  closed_by_server.learn(record);
}

void Aggregate::add_before(const Request& request) {
  before.add(request.fate, request.by);
  for (Group* group : groups_of(request)) {
    if (group == nullptr) continue;
    ++group->before_requests;
    if (is_trouble(request.fate, request.by)) ++group->before_trouble;
  }
}

}  // namespace connfate::cli::report

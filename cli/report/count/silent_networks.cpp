// SPDX-License-Identifier: Apache-2.0
#include "cli/report/count/silent_networks.hpp"

#include <algorithm>
#include <charconv>

#include "cli/report/input/client_prefix.hpp"
#include "cli/report/input/witness_join.hpp"

namespace connfate::cli::report {
namespace {

constexpr std::size_t kMostNetworks = 1000;

/// The figure that the statement begins with.
std::uint64_t clients_in(std::string_view statement) noexcept {
  std::uint64_t count = 0;
  std::from_chars(statement.data(), statement.data() + statement.size(), count);
  return count;
}

}  // namespace

void SilentNetworks::learn(const log::Record& record) {
  if (record.kind != log::Kind::kWitness || record.witness.event != "response") return;
  learn_progress(record);
  learn_silence(record);
}

void SilentNetworks::learn_progress(const log::Record& record) {
  const std::uint64_t key = join_key(record);
  if (key == 0) return;
  if (record.witness.reason != "in_progress") {
    in_progress_.erase(key);
  } else if (in_progress_.size() < kMost) {
    in_progress_.insert_or_assign(key, network_of(record.client, scratch_));
  } else {
    ++more_in_progress_;
  }
}

void SilentNetworks::learn_silence(const log::Record& record) {
  const std::string_view statement = record.witness.shared_silence;
  if (statement.empty() || record.client.empty()) return;
  const std::string_view network = network_of(record.client, scratch_);
  auto found = fallen_.find(network);
  if (found == fallen_.end()) {
    if (fallen_.size() >= kMostNetworks) return;
    found = fallen_.emplace(std::string(network), Statement{}).first;
  }
  Statement& known = found->second;
  ++known.lines;
  if (clients_in(statement) <= known.clients) return;
  known.clients = clients_in(statement);
  known.text = statement;
}

std::vector<UnansweredRow> SilentNetworks::unanswered() const {
  std::map<std::string, std::uint64_t, std::less<>> counts;
  for (const auto& [key, network] : in_progress_) ++counts[network];
  std::vector<UnansweredRow> rows;
  for (const auto& [network, count] : counts) rows.push_back({network, count});
  if (more_in_progress_ > 0) rows.push_back({"", more_in_progress_});
  std::ranges::stable_sort(rows, std::greater(), &UnansweredRow::count);
  return rows;
}

std::vector<FallenRow> SilentNetworks::fallen() const {
  std::vector<FallenRow> rows;
  for (const auto& [network, known] : fallen_) rows.push_back({network, known.text, known.lines});
  std::ranges::stable_sort(rows, std::greater(), &FallenRow::lines);
  return rows;
}

}  // namespace connfate::cli::report

// SPDX-License-Identifier: Apache-2.0
#include "cli/report/count/stopped_networks.hpp"

#include <algorithm>
#include <functional>

#include "cli/report/input/client_prefix.hpp"

namespace connfate::cli::report {
namespace {

constexpr std::uint64_t kLeastRequests = 30;
constexpr std::uint64_t kLeastElsewhere = 20;
constexpr std::int64_t kLeastSilence = 10;  ///< seconds
/// Requests that would have come meanwhile at the pace before; by chance none of 15 is a matter of
/// one in three millions (Poisson).
constexpr double kLeastMissing = 15;
constexpr std::int64_t kTimesLongestPause = 4;
constexpr std::size_t kMostRows = 3;

std::size_t hash_of(std::string_view text) noexcept {
  const std::size_t hash = std::hash<std::string_view>()(text);
  return hash == 0 ? 1 : hash;
}

}  // namespace

void StoppedNetworks::add(const Request& request, std::uint64_t key) {
  const log::Record& record = *request.record;
  if (!record.time || key == 0) return;
  const std::int64_t now =
      std::chrono::floor<std::chrono::seconds>(*record.time).time_since_epoch().count();
  ++all_;
  latest_ = std::max(latest_, now);
  auto found = networks_.find(key);
  if (found == networks_.end()) {
    if (networks_.size() >= kMost) return;
    const std::string name(network_of(record.client, scratch_));
    found = networks_.emplace(key, Network{.name = name, .first = now, .last = now}).first;
  }
  Network& network = found->second;
  ++network.requests;
  network.all_until = all_;
  network.longest_pause = std::max(network.longest_pause, now - network.last);
  network.last = std::max(network.last, now);
  const std::size_t client = hash_of(record.client);
  for (std::size_t& one : network.clients) {
    if (one == client) break;
    if (one != 0) continue;
    one = client;
    break;
  }
}

std::vector<StoppedRow> StoppedNetworks::rows() const {
  std::vector<StoppedRow> rows;
  for (const auto& [key, network] : networks_) {
    const std::int64_t silence = latest_ - network.last;
    const std::int64_t length = network.last - network.first;
    const std::uint64_t elsewhere = all_ - network.all_until;
    if (network.requests < kLeastRequests || elsewhere < kLeastElsewhere || length <= 0) continue;
    if (network.clients.back() == 0) continue;
    const double pace = static_cast<double>(network.requests) / static_cast<double>(length);
    const bool is_long = silence >= kLeastSilence &&
                         silence > kTimesLongestPause * network.longest_pause &&
                         pace * static_cast<double>(silence) >= kLeastMissing;
    if (!is_long) continue;
    rows.push_back({network.name, network.requests, network.last, elsewhere, network.all_until});
  }
  std::ranges::sort(rows, [](const StoppedRow& a, const StoppedRow& b) {
    return a.requests != b.requests ? a.requests > b.requests : a.network < b.network;
  });
  if (rows.size() > kMostRows) rows.resize(kMostRows);
  return rows;
}

}  // namespace connfate::cli::report

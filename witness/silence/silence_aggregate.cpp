// SPDX-License-Identifier: Apache-2.0
#include "witness/silence/silence_aggregate.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace connfate::witness {
namespace {

constexpr Duration kAtOnce = std::chrono::minutes(1);
constexpr std::size_t kSilentClients = 3;
constexpr std::size_t kLiveNetworks = 3;

bool is_recent(Instant event, Instant now) noexcept {
  return event <= now && now - event <= kAtOnce;
}

}  // namespace

SilenceAggregate::Network& SilenceAggregate::touch(const Endpoint& client, Instant at) {
  return networks_.use(ClientPrefix::of(client), [this, at] {
    const Network* gone = networks_.next_to_go();
    if (gone != nullptr && gone->alive) {
      forgotten_alive_ = std::max(forgotten_alive_.value_or(*gone->alive), *gone->alive);
    }
    return Network{.since = at, .silent = {}, .alive = std::nullopt};
  });
}

/// Any of the networks that were forgotten may be the one that is remembered since then.
bool SilenceAggregate::may_have_answered(const Network& network, Instant at) const {
  const auto heard = [at](const std::optional<Instant>& alive) {
    return alive && is_recent(*alive, at);
  };
  return heard(network.alive) || (heard(forgotten_alive_) && *forgotten_alive_ <= network.since);
}

void SilenceAggregate::note_silent(const Endpoint& client, Instant at) {
  Network& network = touch(client, at);
  std::erase_if(network.silent, [&](const Silent& s) { return s.address == client.address; });
  network.silent.push_back({client.address, at});
  if (network.silent.size() > kClients) network.silent.erase(network.silent.begin());
}

void SilenceAggregate::note_alive(const Endpoint& client, Instant at) {
  Network& network = touch(client, at);
  network.alive = network.alive ? std::max(*network.alive, at) : at;
}

std::optional<SilenceAggregate::Shared> SilenceAggregate::shared_silence(const Endpoint& client,
                                                                         Instant at) const {
  const ClientPrefix prefix = ClientPrefix::of(client);
  const Network* own = networks_.find(prefix);
  if (own == nullptr || may_have_answered(*own, at)) return std::nullopt;
  const auto silent =
      std::ranges::count_if(own->silent, [at](const Silent& s) { return is_recent(s.at, at); });
  const auto live = std::ranges::count_if(networks_, [&](const auto& entry) {
    return entry.first != prefix && entry.second.alive && is_recent(*entry.second.alive, at);
  });
  const Shared shared{static_cast<std::size_t>(silent), static_cast<std::size_t>(live)};
  if (shared.silent_clients < kSilentClients || shared.live_networks < kLiveNetworks) {
    return std::nullopt;
  }
  return shared;
}

void add_shared_silence(const SilenceAggregate& aggregate, const Endpoint& client, Instant at,
                        Attribution& attribution) {
  const auto shared = aggregate.shared_silence(client, at);
  if (!shared) return;
  attribution.evidence.push_back(fmt::format(
      "{} clients of {} fell silent within a minute while {} other networks answered: consistent "
      "with a failure of what they share",
      shared->silent_clients, prefix_text(client), shared->live_networks));
  attribution.rules.emplace_back("D4");
  attribution.confidence = std::max(attribution.confidence, Confidence::kModerate);
}

}  // namespace connfate::witness

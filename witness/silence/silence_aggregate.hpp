// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides SilenceAggregate: did many clients of one network fall silent at once (rule D4)? One
// connection cannot show it. Bounded; forgets the network that it was told of longest ago, and says
// nothing of one that may have answered before it was forgotten. The tracker tells it of
// connections that ended in silence and of clients that acknowledged, and asks when it writes a
// line.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "witness/attribution/attribution.hpp"
#include "witness/attribution/client_prefix.hpp"
#include "witness/instant.hpp"
#include "witness/memory/recent_map.hpp"

namespace connfate::witness {

class SilenceAggregate {
 public:
  static constexpr std::size_t kCapacity = 4096;  ///< networks
  static constexpr std::size_t kClients = 16;     ///< silent ones of each network

  void note_silent(const Endpoint& client, Instant at);
  void note_alive(const Endpoint& client, Instant at);

  struct Shared {
    std::size_t silent_clients;  ///< of the network; kClients means at least that many
    std::size_t live_networks;   ///< others that answered meanwhile
  };

  /// What the client's network and the others did in the minute up to `at`, when at least 3 clients
  /// of that network fell silent, none of it answered, and at least 3 other networks did.
  std::optional<Shared> shared_silence(const Endpoint& client, Instant at) const;

  std::size_t size() const noexcept { return networks_.size(); }

 private:
  struct Silent {
    std::array<std::uint8_t, 16> address;
    Instant at;
  };
  struct Network {
    Instant since;               ///< remembered without a gap
    std::vector<Silent> silent;  ///< one entry for each client
    std::optional<Instant> alive;
  };

  Network& touch(const Endpoint& client, Instant at);
  bool may_have_answered(const Network& network, Instant at) const;

  RecentMap<ClientPrefix, Network> networks_{kCapacity};
  std::optional<Instant> forgotten_alive_;  ///< the last answer of a network that was forgotten
};

/// Adds D4 to the judgement of one silent connection, if it applies. Names the network's part of
/// the path at most, never a device.
void add_shared_silence(const SilenceAggregate& aggregate, const Endpoint& client, Instant at,
                        Attribution& attribution);

}  // namespace connfate::witness

// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Survey: one look at all server-side connections of this host, with those in trouble.
// Used by the views. Bounded: all connections are counted, only the worst are kept.

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "cli/address_prefix.hpp"
#include "cli/live/assessment.hpp"
#include "cli/sockets/socket_dump.hpp"

namespace connfate::cli {

struct Selection {
  std::vector<AddressPrefix> clients;  ///< empty: all
  std::vector<std::uint16_t> ports;    ///< empty: those that are listened on
  std::vector<Fate> fates;             ///< empty: all, also connections without one
  std::chrono::milliseconds older{1000};
  std::size_t most = 1000;  ///< of the troubled ones that are kept

  bool takes_client(const Endpoint& client) const;
  bool takes_fate(const Assessment& assessment) const;
};

struct AssessedSocket {
  LiveSocket socket;
  Assessment assessment;

  std::chrono::milliseconds silence() const { return socket.record.snapshot->silence(); }
};

/// What one client network (/24, /48) has.
struct NetworkCount {
  std::string name;
  std::size_t connections = 0;
  std::size_t troubled = 0;
  std::size_t unfinished = 0;  ///< handshakes whose SYN-ACK was sent again, unanswered
};

struct Survey {
  std::vector<std::uint16_t> ports;  ///< ascending
  std::size_t connections = 0;       ///< of these ports and of the clients asked for
  std::size_t troubled = 0;          ///< and of the fates asked for
  std::array<std::size_t, kSymptomCount> of_symptom{};
  std::size_t unfinished = 0;          ///< handshakes; none of them counts as a connection
  std::vector<NetworkCount> networks;  ///< with trouble or unfinished handshakes, the most first
  std::vector<AssessedSocket> worst;   ///< the longest silence first

  std::size_t left_out() const { return troubled - worst.size(); }
};

/// Throws std::system_error when the kernel could not be asked.
Survey survey(const Selection& selection);

}  // namespace connfate::cli

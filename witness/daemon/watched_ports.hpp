// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides WatchedPorts: which TCP ports this host serves, gathered from three places: the options,
// the reports (which name the server's end of the connection), and the kernel's list of listeners.
// Pure. Used by the service for the packet filter and for the direction of packets.
// Surprising: a port that a report named stays, because connections outlive their listener; a port
// that was only listened on is forgotten with its listener.

#include <cstdint>
#include <set>
#include <vector>

#include "witness/wire/served_ports.hpp"

namespace connfate::witness {

class WatchedPorts {
 public:
  /// A port of the options or of a report. True when it was not watched before.
  bool add(std::uint16_t port);

  /// All ports that are listened on now, ascending. True when that changes the watched ones.
  bool set_listening(std::vector<std::uint16_t> ports);

  /// Ascending.
  const std::vector<std::uint16_t>& list() const noexcept { return all_; }

  const ServedPorts& served() const noexcept { return served_; }

 private:
  bool rebuild();

  std::set<std::uint16_t> lasting_;
  std::vector<std::uint16_t> listening_;
  std::vector<std::uint16_t> all_;
  ServedPorts served_;
};

}  // namespace connfate::witness

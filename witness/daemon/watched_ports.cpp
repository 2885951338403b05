// SPDX-License-Identifier: Apache-2.0
#include "witness/daemon/watched_ports.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace connfate::witness {

bool WatchedPorts::add(std::uint16_t port) {
  return lasting_.insert(port).second && rebuild();
}

bool WatchedPorts::set_listening(std::vector<std::uint16_t> ports) {
  listening_ = std::move(ports);
  return rebuild();
}

bool WatchedPorts::rebuild() {
  std::vector<std::uint16_t> all;
  std::ranges::set_union(lasting_, listening_, std::back_inserter(all));
  if (all == all_) return false;
  all_ = std::move(all);
  served_ = ServedPorts();
  for (const std::uint16_t port : all_) served_.add(port);
  return true;
}

}  // namespace connfate::witness

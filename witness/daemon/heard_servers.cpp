// SPDX-License-Identifier: Apache-2.0
#include "witness/daemon/heard_servers.hpp"

#include <algorithm>

namespace connfate::witness {

void HeardServers::note(std::string_view server) {
  if (std::ranges::find(heard_, server) != heard_.end()) return;
  if (heard_.size() >= kMost || server.empty() || server.size() > kLongest) return;
  heard_.emplace_back(server);
  new_.emplace_back(server);
}

}  // namespace connfate::witness

// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides what the plays of one process share: the network of a topology, the backend, and per
// kind of server and timers a server with a witness of its own, each started when it is first
// needed. Failure: std::runtime_error when something does not start.

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "harness/server.hpp"
#include "harness/witness.hpp"
#include "lab/net/network.hpp"
#include "lab/story.hpp"
#include "peers/backend.hpp"

namespace connfate::lab {

class World {
 public:
  explicit World(Topology topology);
  ~World();

  Topology topology() const { return topology_; }
  Network& network() { return *network_; }
  /// The application behind a server of that setup.
  peers::Backend& backend(const ServerSetup& setup);
  harness::Server& server(harness::ServerKind kind, const ServerSetup& setup);
  harness::Witness& witness(harness::ServerKind kind, const ServerSetup& setup);
  /// A story is about to kill a worker: its death is no complaint.
  void expect_death() { ++expected_deaths_; }

  /// Stops every server. One sentence per thing a healthy server does not do.
  std::vector<std::string> close();

 private:
  using Key = std::pair<harness::ServerKind, ServerSetup>;

  harness::Hosts hosts() const;
  void warm_up(const harness::Server& server, const harness::Witness& witness) const;

  Topology topology_;
  std::unique_ptr<Network> network_;
  std::unique_ptr<peers::Backend> backend_;      ///< on the server's host
  std::unique_ptr<peers::Backend> far_backend_;  ///< at the client's side of the box
  std::map<Key, std::unique_ptr<harness::Witness>> witnesses_;
  std::map<Key, std::unique_ptr<harness::Server>> servers_;
  int expected_deaths_ = 0;
};

}  // namespace connfate::lab

// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Network::Works: the namespaces, boxes and cables of a topology, and how they are
// connected. Destroying it removes them.

#include <optional>
#include <vector>

#include "lab/net/box_host.hpp"
#include "lab/net/network.hpp"

namespace connfate::lab {

class Network::Works {
 public:
  Works(Topology topology, const Sysctls& sysctls);

  BoxHost& box(Box which);
  const harness::NetworkNamespace& host(Host which) const {
    return which == Host::kClient ? client_ : server_;
  }
  bool is_pair() const { return topology_ == Topology::kPair; }
  bool has_nat() const { return topology_ == Topology::kNat; }
  void route_via(Host which, const BoxHost& gateway) const;
  void route_via(Host which, const BoxHost& gateway, std::uint16_t client_port);
  void mend();

  Cable& wan() { return wan_; }
  Cable& lan() { return lan_; }

 private:
  void connect_one_box();
  void connect_pair();
  void add_bridge(const std::string& name) const;
  void connect_to_bridges(const BoxHost& box, const std::string& name) const;
  void add_host_addresses() const;
  void pin() const;
  void route_all_as_before();

  Topology topology_;
  Sysctls sysctls_;
  harness::NetworkNamespace client_;
  harness::NetworkNamespace server_;
  std::optional<BoxHost> box_a_;
  std::optional<BoxHost> box_b_;
  std::optional<harness::NetworkNamespace> switches_;
  Cable wan_;
  Cable lan_;
  std::vector<Host> routed_by_port_;  ///< one entry per rule of that host
};

}  // namespace connfate::lab

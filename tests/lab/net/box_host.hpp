// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides BoxHost: a router of the lab's network, with its firewall. Its interfaces are called
// "client" and "server" after the side they look to. Used by Network.

#include <cstdint>
#include <string>
#include <string_view>

#include "harness/network_namespace.hpp"
#include "lab/net/topology.hpp"
#include "lab/net/unknown.hpp"

namespace connfate::lab {

class BoxHost {
 public:
  /// Its addresses on both sides end in `last`, for example "11".
  BoxHost(std::string_view prefix, std::string last);

  const harness::NetworkNamespace& home() const { return home_; }
  const std::string& last() const { return last_; }
  /// To be called when both interfaces are there.
  void add_addresses() const;
  void add_nat(const std::string& server_ip, const std::string& server_ip6);

  void nft(std::string_view commands) const;
  void set_unknown(Unknown policy) const;
  void set_source_nat(bool on) const;
  void conntrack_flush() const;
  void forget(std::uint16_t far_port) const;  ///< of either end
  std::string conntrack() const;
  void set_link(Host toward, bool up);
  /// Rules and links as in the beginning.
  void mend();

 private:
  harness::NetworkNamespace home_;
  std::string last_;
  bool has_nat_ = false;
};

}  // namespace connfate::lab

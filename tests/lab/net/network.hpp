// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the network of the outage lab: a client and a server, routers ("boxes") with nft and
// connection tables of their own between them, and a cable at each end that can do to packets
// whatever a story needs. IPv4 and IPv6.
//
//   client == wan cable == box A == lan cable == server          kOneBox, kNat
//   client == wan cable == [switch] = box A, box B = [switch] == lan cable == server     kPair
//
//   client 10.88.1.2, .3, ... fd88:1::2, ...    box A .1, box B .11    server 10.88.2.2 fd88:2::2
//
// kNat: 10.88.1.100 and fd88:1::100 on the box are the server to the client. One network per
// process at a time; the constructor removes what killed runs left behind.
// Failure: std::runtime_error with the failing command's output.

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "harness/hosts.hpp"
#include "harness/network_namespace.hpp"
#include "lab/net/cable.hpp"
#include "lab/net/sysctls.hpp"
#include "lab/net/topology.hpp"
#include "lab/net/unknown.hpp"

namespace connfate::lab {

class Network {
 public:
  static constexpr int kClientAddresses = 8;  ///< 10.88.1.2 to .9

  explicit Network(Topology topology) : Network(topology, Sysctls{}) {}
  Network(Topology topology, const Sysctls& sysctls);
  ~Network();
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  /// Why the lab cannot be built here; nullopt when it can.
  static std::optional<std::string> missing_privilege();

  const std::string& client_namespace() const;
  const std::string& server_namespace() const;
  const std::string& box_namespace(Box box) const;
  /// By which the client reaches the server: in kNat the virtual address.
  std::string server_ip() const;
  std::string server_ip6() const;
  std::string own_server_ip() const;  ///< that the server has itself
  static std::string client_ip(int number = 0);
  static std::string client_ip6(int number = 0);
  harness::Hosts hosts() const;

  Cable& wan();  ///< its device is at the client
  Cable& lan();  ///< its device is at the server
  Cable& cable_at(Host host);

  /// Both ways together; the wan cable has it all.
  void set_rtt(std::chrono::milliseconds rtt);
  /// Loss, duplicates and reordering for connections of the kernel's own client ports (from
  /// kFirstOtherPort on), jitter likewise; the story's own has a lower port.
  void disturb_others();
  static constexpr std::uint16_t kFirstOtherPort = 32768;
  /// As in the beginning: no rules, no impairments, links up, routes by box A, boxes that pass
  /// everything and know what passed, sysctls as constructed.
  void mend();

  /// wan.{client,server}.pcap and lan.{client,server}.pcap in that folder.
  void capture_to(const std::filesystem::path& folder);
  void stop_capture();

  /// From now on that host sends to the other one through that box. kPair only.
  void route_via(Host host, Box box);
  /// The same for the connections of one client port.
  void route_via(Host host, Box box, std::uint16_t client_port);
  /// Box A's links go down, and both hosts route by B. kPair only.
  void fail_over();
  void set_link(Box box, Host toward, bool up);

  void set_unknown(Box box, Unknown policy);
  /// The server sees the box's address instead of the clients'. kNat only.
  void set_source_nat(bool on);
  /// `nft <commands>` in the box. The table `inet connfate` has the chains `guard` (for stories;
  /// emptied by mend()) and `unknown`, both at hook forward.
  void nft(Box box, std::string_view commands);
  void conntrack_flush(Box box);
  /// The connections of that client port leave the box's table.
  void forget(Box box, std::uint16_t client_port);
  /// What `conntrack -L` prints, one connection a line.
  std::string conntrack(Box box) const;

  /// Named as in /proc/sys: "net/ipv4/tcp_retries2".
  std::string sysctl(Host host, const std::string& key) const;
  void sysctl(Host host, const std::string& key, const std::string& value);
  std::string sysctl(Box box, const std::string& key) const;
  void sysctl(Box box, const std::string& key, const std::string& value);

 private:
  class Works;
  std::unique_ptr<Works> works_;
  std::chrono::milliseconds rtt_{0};
};

}  // namespace connfate::lab

// SPDX-License-Identifier: Apache-2.0
#include "lab/net/network_works.hpp"

#include <stdexcept>

#include "lab/net/veth.hpp"

namespace connfate::lab {
namespace {

/// Of the routes for single connections.
constexpr int kRoutingTable = 88;

std::string_view remove_stale_then(std::string_view prefix) {
  harness::remove_stale_namespaces(prefix);
  return prefix;
}

}  // namespace

Network::Works::Works(Topology topology, const Sysctls& sysctls)
    : topology_(topology),
      sysctls_(sysctls),
      client_(remove_stale_then("cflc")),
      server_(remove_stale_then("cfls")),
      wan_("cflw", DeviceAt::kClientEnd),
      lan_("cfll", DeviceAt::kServerEnd) {
  pin();
  box_a_.emplace("cfla", "1");
  wan_.plug(Direction::kToClient, client_, "uplink");
  lan_.plug(Direction::kToServer, server_, "uplink");
  if (is_pair()) {
    connect_pair();
  } else {
    connect_one_box();
  }
  box_a_->add_addresses();
  if (box_b_) box_b_->add_addresses();
  add_host_addresses();
  if (has_nat()) box_a_->add_nat("10.88.2.2", "fd88:2::2");
}

BoxHost& Network::Works::box(Box which) {
  if (which == Box::kA) return *box_a_;
  if (!box_b_) throw std::runtime_error("only the pair has a second box");
  return *box_b_;
}

void Network::Works::route_via(Host which, const BoxHost& gateway) const {
  const std::string subnet = which == Host::kClient ? "1" : "2";
  host(which).ip("route replace default via 10.88." + subnet + "." + gateway.last());
  host(which).ip("-6 route replace default via fd88:" + subnet + "::" + gateway.last());
}

void Network::Works::route_via(Host which, const BoxHost& gateway, std::uint16_t client_port) {
  const bool from_client = which == Host::kClient;
  const std::string port = (from_client ? "sport " : "dport ") + std::to_string(client_port);
  const std::string subnet = from_client ? "1" : "2";
  const std::string table = " table " + std::to_string(kRoutingTable);
  for (const std::string family : {"-4", "-6"}) {
    host(which).ip(family + " rule add ipproto tcp " + port + table);
  }
  host(which).ip("route replace default via 10.88." + subnet + "." + gateway.last() + table);
  host(which).ip("-6 route replace default via fd88:" + subnet + "::" + gateway.last() + table);
  routed_by_port_.push_back(which);
}

void Network::Works::route_all_as_before() {
  for (const Host which : routed_by_port_) {
    for (const std::string family : {"-4", "-6"}) {
      host(which).ip(family + " rule del table " + std::to_string(kRoutingTable));
    }
  }
  routed_by_port_.clear();
  if (!is_pair()) return;
  route_via(Host::kClient, *box_a_);
  route_via(Host::kServer, *box_a_);
}

void Network::Works::mend() {
  wan_.clear();
  lan_.clear();
  wan_.set({});
  lan_.set({});
  box_a_->mend();
  if (box_b_) box_b_->mend();
  route_all_as_before();
  // What ICMP has told about the path is remembered for ten minutes.
  for (const harness::NetworkNamespace* host : {&client_, &server_}) {
    host->ip("route flush cache");
    host->ip("-6 route flush cache");
  }
  pin();
}

void Network::Works::connect_one_box() {
  wan_.plug(Direction::kToServer, box_a_->home(), "client");
  lan_.plug(Direction::kToClient, box_a_->home(), "server");
}

void Network::Works::connect_pair() {
  box_b_.emplace("cflb", "11");
  switches_.emplace(remove_stale_then("cflx"));
  switches_->sysctl("net/ipv6/conf/all/disable_ipv6", "1");
  switches_->sysctl("net/ipv6/conf/default/disable_ipv6", "1");
  wan_.plug(Direction::kToServer, *switches_, "wan");
  lan_.plug(Direction::kToClient, *switches_, "lan");
  add_bridge("outside");
  add_bridge("inside");
  switches_->ip("link set wan master outside");
  switches_->ip("link set lan master inside");
  connect_to_bridges(*box_a_, "a");
  connect_to_bridges(*box_b_, "b");
}

void Network::Works::add_bridge(const std::string& name) const {
  switches_->ip("link add " + name + " type bridge stp_state 0 forward_delay 0 mcast_snooping 0");
  switches_->ip("link set " + name + " up");
}

void Network::Works::connect_to_bridges(const BoxHost& box, const std::string& name) const {
  const std::string mac = "02:88:00:00:0" + name + ":0";
  add_veth({*switches_, name + "-outside"}, {box.home(), "client", mac + "1"});
  add_veth({*switches_, name + "-inside"}, {box.home(), "server", mac + "2"});
  switches_->ip("link set " + name + "-outside master outside");
  switches_->ip("link set " + name + "-inside master inside");
}

void Network::Works::add_host_addresses() const {
  pin_neighbours(client_, "uplink");
  pin_neighbours(server_, "uplink");
  for (int number = 0; number < kClientAddresses; ++number) {
    client_.ip("address add " + client_ip(number) + "/24 dev uplink");
    client_.ip("address add " + client_ip6(number) + "/64 dev uplink nodad");
  }
  server_.ip("address add 10.88.2.2/24 dev uplink");
  server_.ip("address add fd88:2::2/64 dev uplink nodad");
  route_via(Host::kClient, *box_a_);
  route_via(Host::kServer, *box_a_);
}

void Network::Works::pin() const {
  pin_client(client_, sysctls_);
  pin_server(server_, sysctls_);
}

}  // namespace connfate::lab

// SPDX-License-Identifier: Apache-2.0
#include "lab/net/network.hpp"

#include "harness/lab.hpp"
#include "harness/process.hpp"
#include "lab/net/network_works.hpp"

namespace connfate::lab {
namespace {

using std::chrono::microseconds;

Impairment half_of(std::chrono::milliseconds rtt) {
  return {.delay = microseconds(rtt) / 2};
}

}  // namespace

Network::Network(Topology topology, const Sysctls& sysctls)
    : works_(std::make_unique<Works>(topology, sysctls)) {}

Network::~Network() = default;

std::optional<std::string> Network::missing_privilege() {
  if (const auto reason = harness::Lab::missing_privilege()) return reason;
  if (harness::run({"ethtool", "--version"}).exit_code != 0) return "the lab needs ethtool";
  if (harness::run({"conntrack", "--version"}).exit_code != 0) return "the lab needs conntrack";
  return std::nullopt;
}

const std::string& Network::client_namespace() const {
  return works_->host(Host::kClient).name();
}

const std::string& Network::server_namespace() const {
  return works_->host(Host::kServer).name();
}

const std::string& Network::box_namespace(Box box) const {
  return works_->box(box).home().name();
}

std::string Network::server_ip() const {
  return works_->has_nat() ? "10.88.1.100" : own_server_ip();
}

std::string Network::server_ip6() const {
  return works_->has_nat() ? "fd88:1::100" : "fd88:2::2";
}

std::string Network::own_server_ip() const {
  return "10.88.2.2";
}

std::string Network::client_ip(int number) {
  return "10.88.1." + std::to_string(2 + number);
}

std::string Network::client_ip6(int number) {
  return "fd88:1::" + std::to_string(2 + number);
}

harness::Hosts Network::hosts() const {
  return {client_namespace(), server_namespace(), server_ip()};
}

Cable& Network::wan() {
  return works_->wan();
}

Cable& Network::lan() {
  return works_->lan();
}

Cable& Network::cable_at(Host host) {
  return host == Host::kClient ? wan() : lan();
}

void Network::set_rtt(std::chrono::milliseconds rtt) {
  rtt_ = rtt;
  wan().set(half_of(rtt_));
}

void Network::disturb_others() {
  Impairment impairment = half_of(rtt_);
  impairment.jitter = std::chrono::milliseconds(2);
  impairment.loss = 0.01;
  impairment.duplicate = 0.01;
  impairment.reorder = 0.02;
  impairment.held_back = std::chrono::milliseconds(5);
  impairment.from_client_port = kFirstOtherPort;
  wan().set(impairment);
}

void Network::mend() {
  works_->mend();
  rtt_ = {};
}

void Network::capture_to(const std::filesystem::path& folder) {
  wan().capture_to(folder / "wan");
  lan().capture_to(folder / "lan");
}

void Network::stop_capture() {
  wan().stop_capture();
  lan().stop_capture();
}

void Network::route_via(Host host, Box box) {
  works_->route_via(host, works_->box(box));
}

void Network::route_via(Host host, Box box, std::uint16_t client_port) {
  works_->route_via(host, works_->box(box), client_port);
}

void Network::fail_over() {
  route_via(Host::kClient, Box::kB);
  route_via(Host::kServer, Box::kB);
  set_link(Box::kA, Host::kClient, false);
  set_link(Box::kA, Host::kServer, false);
}

void Network::set_link(Box box, Host toward, bool up) {
  works_->box(box).set_link(toward, up);
}

void Network::set_unknown(Box box, Unknown policy) {
  works_->box(box).set_unknown(policy);
}

void Network::set_source_nat(bool on) {
  works_->box(Box::kA).set_source_nat(on);
}

void Network::nft(Box box, std::string_view commands) {
  works_->box(box).nft(commands);
}

void Network::conntrack_flush(Box box) {
  works_->box(box).conntrack_flush();
}

void Network::forget(Box box, std::uint16_t client_port) {
  works_->box(box).forget(client_port);
}

std::string Network::conntrack(Box box) const {
  return works_->box(box).conntrack();
}

std::string Network::sysctl(Host host, const std::string& key) const {
  return read_sysctl(works_->host(host), key);
}

void Network::sysctl(Host host, const std::string& key, const std::string& value) {
  works_->host(host).sysctl(key, value);
}

std::string Network::sysctl(Box box, const std::string& key) const {
  return read_sysctl(works_->box(box).home(), key);
}

void Network::sysctl(Box box, const std::string& key, const std::string& value) {
  works_->box(box).home().sysctl(key, value);
}

}  // namespace connfate::lab

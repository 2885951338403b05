// SPDX-License-Identifier: Apache-2.0
#include "lab/net/box_host.hpp"

#include <algorithm>
#include <stdexcept>

#include "harness/process.hpp"
#include "lab/net/sysctls.hpp"

namespace connfate::lab {
namespace {

constexpr std::string_view kRuleset =
    "add table inet connfate; "
    "add chain inet connfate guard { type filter hook forward priority 0; policy accept; }; "
    "add chain inet connfate unknown { type filter hook forward priority 10; policy accept; }";

constexpr std::string_view kNatRuleset =
    "add table inet nat; "
    "add chain inet nat pre { type nat hook prerouting priority -100; }; "
    "add chain inet nat post { type nat hook postrouting priority 100; }";

/// Any word about `ct` makes the kernel follow connections.
constexpr std::string_view kFollow = "add rule inet connfate unknown ct state established accept";
constexpr std::string_view kOnUnknown =
    "; add rule inet connfate unknown meta l4proto tcp ct state invalid ";

std::string_view verdict_of(Unknown policy) {
  switch (policy) {
    case Unknown::kPass: return "accept";
    case Unknown::kDrop: return "drop";
    case Unknown::kReset: return "reject with tcp reset";
    case Unknown::kProhibit: return "reject with icmpx type admin-prohibited";
    case Unknown::kReject: return "reject with icmpx type port-unreachable";
  }
  return "accept";
}

std::string_view remove_stale_then(std::string_view prefix) {
  harness::remove_stale_namespaces(prefix);
  return prefix;
}

/// The lines about connections; conntrack adds one that counts them.
std::string flows(const std::string& said) {
  std::string kept;
  for (std::size_t at = 0; at < said.size();) {
    const std::size_t end = std::min(said.find('\n', at), said.size() - 1) + 1;
    const std::string line = said.substr(at, end - at);
    if (line.find("src=") != line.npos) kept += line;
    at = end;
  }
  return kept;
}

}  // namespace

BoxHost::BoxHost(std::string_view prefix, std::string last)
    : home_(remove_stale_then(prefix)), last_(std::move(last)) {
  nft(kRuleset);
  set_unknown(Unknown::kPass);
  pin_box(home_);
}

void BoxHost::add_addresses() const {
  pin_neighbours(home_, "client");
  pin_neighbours(home_, "server");
  home_.ip("address add 10.88.1." + last_ + "/24 dev client");
  home_.ip("address add 10.88.2." + last_ + "/24 dev server");
  home_.ip("address add fd88:1::" + last_ + "/64 dev client nodad");
  home_.ip("address add fd88:2::" + last_ + "/64 dev server nodad");
}

void BoxHost::add_nat(const std::string& server_ip, const std::string& server_ip6) {
  has_nat_ = true;
  home_.ip("address add 10.88.1.100/32 dev client");
  home_.ip("address add fd88:1::100/128 dev client nodad");
  nft(kNatRuleset);
  nft("add rule inet nat pre ip daddr 10.88.1.100 dnat ip to " + server_ip);
  nft("add rule inet nat pre ip6 daddr fd88:1::100 dnat ip6 to " + server_ip6);
}

void BoxHost::nft(std::string_view commands) const {
  const harness::InNamespace here(home_.name());
  harness::run_or_throw({"nft", std::string(commands)});
}

void BoxHost::set_unknown(Unknown policy) const {
  std::string commands = "flush chain inet connfate unknown; ";
  commands += kFollow;
  commands += kOnUnknown;
  commands += verdict_of(policy);
  nft(commands);
}

void BoxHost::set_source_nat(bool on) const {
  nft("flush chain inet nat post");
  if (on) nft("add rule inet nat post oifname \"server\" masquerade");
}

void BoxHost::conntrack_flush() const {
  const harness::InNamespace here(home_.name());
  harness::run_or_throw({"conntrack", "-F"});
  harness::run_or_throw({"conntrack", "-F", "-f", "ipv6"});
}

void BoxHost::forget(std::uint16_t far_port) const {
  const harness::InNamespace here(home_.name());
  int forgotten = 0;
  for (const char* family : {"ipv4", "ipv6"}) {
    for (const char* end : {"--sport", "--dport"}) {
      const auto said = harness::run(
          {"conntrack", "-D", "-f", family, "-p", "tcp", end, std::to_string(far_port)});
      forgotten += said.exit_code == 0 ? 1 : 0;
    }
  }
  if (forgotten == 0) throw std::runtime_error("the box does not know the connection");
}

std::string BoxHost::conntrack() const {
  const harness::InNamespace here(home_.name());
  return flows(harness::run({"conntrack", "-L"}).output) +
         flows(harness::run({"conntrack", "-L", "-f", "ipv6"}).output);
}

void BoxHost::set_link(Host toward, bool up) {
  const std::string interface = toward == Host::kClient ? "client" : "server";
  home_.ip("link set " + interface + (up ? " up" : " down"));
}

void BoxHost::mend() {
  set_link(Host::kClient, true);
  set_link(Host::kServer, true);
  nft("flush chain inet connfate guard");
  set_unknown(Unknown::kPass);
  if (has_nat_) set_source_nat(false);
  pin_box(home_);
}

}  // namespace connfate::lab

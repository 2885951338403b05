// SPDX-License-Identifier: Apache-2.0
#include "harness/lab.hpp"

#include <unistd.h>

#include "harness/process.hpp"

namespace connfate::harness {
namespace {

constexpr std::string_view kClientPrefix = "cfc";
constexpr std::string_view kRouterPrefix = "cfr";
constexpr std::string_view kServerPrefix = "cfs";

constexpr std::string_view kRuleset =
    "add table inet connfate; "
    "add chain inet connfate forward { type filter hook forward priority 0; policy accept; }";

std::string_view remove_stale_then(std::string_view prefix) {
  remove_stale_namespaces(prefix);
  return prefix;
}

std::string rule(std::string_view match, std::uint16_t port, std::string_view verdict) {
  return "add rule inet connfate forward " + std::string(match) + " " + std::to_string(port) + " " +
         std::string(verdict) + "; ";
}

std::string to_client(std::uint16_t port, std::string_view verdict) {
  return rule("oifname \"client\" tcp dport", port, verdict);
}

std::string to_server(std::uint16_t port, std::string_view verdict) {
  return rule("iifname \"client\" tcp sport", port, verdict);
}

std::string rules_of(Block kind, std::uint16_t port) {
  switch (kind) {
    case Block::kDropToClient: return to_client(port, "drop");
    case Block::kDropToServer: return to_server(port, "drop");
    case Block::kDropDataToServer: return to_server(port, "meta length > 80 drop");
    case Block::kDropBoth: return to_client(port, "drop") + to_server(port, "drop");
    case Block::kRejectHostUnreachable:
      return to_client(port, "reject with icmpx type host-unreachable");
    case Block::kRejectAdminProhibited:
      return to_client(port, "reject with icmpx type admin-prohibited");
    case Block::kResetServer: return to_client(port, "reject with tcp reset");
  }
  return {};
}

}  // namespace

Lab::Lab(const Sysctls& sysctls)
    : client_(remove_stale_then(kClientPrefix)),
      router_(remove_stale_then(kRouterPrefix)),
      server_(remove_stale_then(kServerPrefix)) {
  skip_address_detection();
  router_.sysctl("net/ipv4/ip_forward", "1");
  router_.sysctl("net/ipv6/conf/all/forwarding", "1");
  connect_client();
  connect_server();
  pin_sysctls(sysctls);
  nft(kRuleset);
}

std::optional<std::string> Lab::missing_privilege() {
  if (geteuid() != 0) return "the lab needs root: it creates network namespaces";
  if (run({"ip", "-V"}).exit_code != 0) return "the lab needs ip of iproute2";
  if (run({"nft", "--version"}).exit_code != 0) return "the lab needs nft of nftables";
  const std::string probe = "cfprobe" + std::to_string(getpid());
  const Outcome outcome = run({"ip", "netns", "add", probe});
  if (outcome.exit_code != 0) return "no network namespaces here: " + outcome.output;
  run({"ip", "netns", "del", probe});
  return std::nullopt;
}

void Lab::run_in_client(const std::function<void()>& act) const {
  const InNamespace here = enter_client();
  act();
}

void Lab::block(Block kind, std::uint16_t client_port) {
  nft(rules_of(kind, client_port));
}

void Lab::unblock() {
  nft("flush chain inet connfate forward");
}

void Lab::skip_address_detection() {
  // Otherwise IPv6 carries nothing for the first two seconds.
  for (const NetworkNamespace* host : {&client_, &router_, &server_}) {
    host->sysctl("net/ipv6/conf/all/accept_dad", "0");
    host->sysctl("net/ipv6/conf/default/accept_dad", "0");
  }
}

void Lab::connect_client() {
  router_.ip("link add client type veth peer name uplink netns " + client_.name());
  router_.ip("address add 10.77.1.1/24 dev client");
  router_.ip("address add fd77:1::1/64 dev client nodad");
  router_.ip("link set client up");
  client_.ip("address add 10.77.1.2/24 dev uplink");
  client_.ip("address add fd77:1::2/64 dev uplink nodad");
  client_.ip("link set uplink up");
  client_.ip("route add default via 10.77.1.1");
  client_.ip("-6 route add default via fd77:1::1");
}

void Lab::connect_server() {
  router_.ip("link add server type veth peer name uplink netns " + server_.name());
  router_.ip("address add 10.77.2.1/24 dev server");
  router_.ip("address add fd77:2::1/64 dev server nodad");
  router_.ip("link set server up");
  server_.ip("address add 10.77.2.2/24 dev uplink");
  server_.ip("address add fd77:2::2/64 dev uplink nodad");
  server_.ip("link set uplink up");
  server_.ip("route add default via 10.77.2.1");
  server_.ip("-6 route add default via fd77:2::1");
}

void Lab::pin_sysctls(const Sysctls& sysctls) {
  server_.sysctl("net/ipv4/tcp_retries2", std::to_string(sysctls.tcp_retries2));
  server_.sysctl("net/ipv4/tcp_orphan_retries", std::to_string(sysctls.tcp_orphan_retries));
  server_.sysctl("net/ipv4/tcp_keepalive_time", "7200");
  server_.sysctl("net/ipv4/tcp_keepalive_intvl", "75");
  server_.sysctl("net/ipv4/tcp_keepalive_probes", "9");
  // As systemd leaves it on a host; a new namespace begins with 10.
  server_.sysctl("net/unix/max_dgram_qlen", "512");
  for (const NetworkNamespace* host : {&client_, &server_}) {
    host->sysctl("net/ipv4/tcp_wmem", "4096 16384 4194304");
    host->sysctl("net/ipv4/tcp_rmem", "4096 131072 6291456");
    // One scenario's black hole must not slow down the next scenario's connection.
    host->sysctl("net/ipv4/tcp_no_metrics_save", "1");
  }
}

void Lab::nft(std::string_view commands) const {
  const InNamespace here(router_.name());
  run_or_throw({"nft", std::string(commands)});
}

}  // namespace connfate::harness

// SPDX-License-Identifier: Apache-2.0
#include "lab/net/sysctls.hpp"

#include <fstream>
#include <stdexcept>

namespace connfate::lab {
namespace {

using harness::NetworkNamespace;

void pin_ip(const NetworkNamespace& host) {
  for (const std::string which : {"all", "default"}) {
    // Otherwise IPv6 carries nothing for the first two seconds.
    host.sysctl("net/ipv6/conf/" + which + "/accept_dad", "0");
    host.sysctl("net/ipv6/conf/" + which + "/accept_ra", "0");
    host.sysctl("net/ipv6/conf/" + which + "/accept_redirects", "0");
    host.sysctl("net/ipv4/conf/" + which + "/accept_redirects", "0");
    host.sysctl("net/ipv4/conf/" + which + "/send_redirects", "0");
    host.sysctl("net/ipv4/conf/" + which + "/rp_filter", "0");
  }
}

void pin_tcp(const NetworkNamespace& host, const Sysctls& sysctls) {
  const auto pin = [&host](const std::string& name, int value) {
    host.sysctl("net/ipv4/" + name, std::to_string(value));
  };
  pin("tcp_syn_retries", sysctls.tcp_syn_retries);
  pin("tcp_synack_retries", sysctls.tcp_synack_retries);
  pin("tcp_fin_timeout", sysctls.tcp_fin_timeout);
  pin("tcp_keepalive_time", sysctls.tcp_keepalive_time);
  pin("tcp_keepalive_intvl", sysctls.tcp_keepalive_intvl);
  pin("tcp_keepalive_probes", sysctls.tcp_keepalive_probes);
  pin("tcp_abort_on_overflow", sysctls.tcp_abort_on_overflow);
  pin("tcp_timestamps", sysctls.tcp_timestamps);
  pin("tcp_sack", sysctls.tcp_sack);
  pin("tcp_mtu_probing", sysctls.tcp_mtu_probing);
  // One story's black hole must not slow down the next story's connection.
  pin("tcp_no_metrics_save", 1);
  host.sysctl("net/ipv4/tcp_rmem", sysctls.tcp_rmem);
  host.sysctl("net/ipv4/tcp_wmem", sysctls.tcp_wmem);
}

}  // namespace

void pin_client(const NetworkNamespace& client, const Sysctls& sysctls) {
  pin_ip(client);
  pin_tcp(client, sysctls);
}

void pin_server(const NetworkNamespace& server, const Sysctls& sysctls) {
  pin_ip(server);
  pin_tcp(server, sysctls);
  server.sysctl("net/ipv4/tcp_retries2", std::to_string(sysctls.tcp_retries2));
  server.sysctl("net/ipv4/tcp_orphan_retries", std::to_string(sysctls.tcp_orphan_retries));
  // As systemd leaves it on a host; a new namespace begins with 10.
  server.sysctl("net/unix/max_dgram_qlen", "512");
}

void pin_box(const NetworkNamespace& box) {
  pin_ip(box);
  box.sysctl("net/ipv4/ip_forward", "1");
  box.sysctl("net/ipv6/conf/all/forwarding", "1");
  box.sysctl("net/ipv6/conf/all/keep_addr_on_down", "1");
  box.sysctl("net/ipv4/icmp_ratelimit", "0");
  box.sysctl("net/ipv6/icmp/ratelimit", "0");
  box.sysctl("net/netfilter/nf_conntrack_tcp_loose", "0");
}

void pin_neighbours(const NetworkNamespace& host, const std::string& interface) {
  for (const std::string family : {"ipv4", "ipv6"}) {
    const std::string folder = "net/" + family + "/neigh/" + interface;
    host.sysctl(folder + "/retrans_time_ms", "100");
    host.sysctl(folder + "/mcast_solicit", "50");
  }
}

std::string read_sysctl(const NetworkNamespace& host, const std::string& key) {
  const harness::InNamespace here(host.name());
  std::ifstream file("/proc/sys/" + key);
  std::string value;
  if (!std::getline(file, value)) throw std::runtime_error("there is no sysctl " + key);
  return value;
}

}  // namespace connfate::lab

// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Sysctls: the settings of the lab's kernels on which an outcome depends, pinned so that
// a story means the same on every machine. Defaults are those of Debian, but for the retries.

#include <string>

#include "harness/network_namespace.hpp"

namespace connfate::lab {

struct Sysctls {
  /// Of the server. Three retransmissions without an answer take about 6.5 s.
  int tcp_retries2 = 3;
  int tcp_orphan_retries = 2;
  // Of both ends.
  int tcp_syn_retries = 6;
  int tcp_synack_retries = 5;
  int tcp_fin_timeout = 60;
  int tcp_keepalive_time = 7200;
  int tcp_keepalive_intvl = 75;
  int tcp_keepalive_probes = 9;
  int tcp_abort_on_overflow = 0;
  int tcp_timestamps = 1;
  int tcp_sack = 1;
  int tcp_mtu_probing = 0;
  std::string tcp_rmem = "4096 131072 6291456";
  std::string tcp_wmem = "4096 16384 4194304";
};

void pin_client(const harness::NetworkNamespace& client, const Sysctls& sysctls);
void pin_server(const harness::NetworkNamespace& server, const Sysctls& sysctls);
/// A router with a firewall that takes up no connection in its middle.
void pin_box(const harness::NetworkNamespace& box);
/// A question for a neighbour that is lost while a link comes up must not cost a connection the
/// second that the kernel waits by default.
void pin_neighbours(const harness::NetworkNamespace& host, const std::string& interface);

std::string read_sysctl(const harness::NetworkNamespace& host, const std::string& key);

}  // namespace connfate::lab

// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the lab: a client, a router and a server, each in its own network namespace, so that a
// test can break the path between them without touching the machine it runs on.
//
//   client 10.77.1.2 ------ 10.77.1.1 router 10.77.2.1 ------ 10.77.2.2 server
//     fd77:1::2               fd77:1::1    fd77:2::1            fd77:2::2
//
// Failure: the constructor throws with the failing command's output. One lab per process at a time.
// The destructor removes everything; the constructor removes what killed runs left behind.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "harness/hosts.hpp"
#include "harness/network_namespace.hpp"

namespace connfate::harness {

/// What the router does to packets of one client port. Directions are those of the data.
enum class Block : std::uint8_t {
  kDropToClient,           ///< the client never hears the server again
  kDropToServer,           ///< the server never hears the client again
  kDropBoth,               ///< a black hole
  kDropDataToServer,       ///< the client's data, longer than a FIN or an acknowledgement
  kRejectHostUnreachable,  ///< to the client: dropped, and ICMP tells the server so
  kRejectAdminProhibited,  ///< the same with "administratively prohibited"
  kResetServer,            ///< data to the client: dropped, and the router resets the server
};

class Lab {
 public:
  /// Of the server's kernel. Three retransmissions without an answer take about 6.5 s.
  struct Sysctls {
    int tcp_retries2 = 3;
    int tcp_orphan_retries = 2;
  };

  Lab() : Lab(Sysctls{}) {}
  explicit Lab(const Sysctls& sysctls);

  /// Why the lab cannot be built here (not root, no nft, ...); nullopt when it can.
  static std::optional<std::string> missing_privilege();

  /// The calling thread is in that namespace as long as the result lives.
  [[nodiscard]] InNamespace enter_client() const { return InNamespace(client_.name()); }
  [[nodiscard]] InNamespace enter_server() const { return InNamespace(server_.name()); }
  void run_in_client(const std::function<void()>& act) const;

  const std::string& client_namespace() const { return client_.name(); }
  const std::string& server_namespace() const { return server_.name(); }

  /// For servers and witnesses, which do not care what lies between.
  Hosts hosts() const { return {client_.name(), server_.name(), server_ip()}; }

  static std::string client_ip() { return "10.77.1.2"; }
  static std::string server_ip() { return "10.77.2.2"; }
  static std::string server_ip6() { return "fd77:2::2"; }

  /// From now on the router treats packets of connections from `client_port` so.
  void block(Block kind, std::uint16_t client_port);
  /// Lets everything pass again.
  void unblock();

 private:
  void skip_address_detection();
  void connect_client();
  void connect_server();
  void pin_sysctls(const Sysctls& sysctls);
  void nft(std::string_view commands) const;

  NetworkNamespace client_;
  NetworkNamespace router_;
  NetworkNamespace server_;
};

}  // namespace connfate::harness

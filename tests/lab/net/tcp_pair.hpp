// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides TcpPair: one TCP connection through a Network, both ends in the hands of a test of the
// network itself. Failure: std::runtime_error when it cannot be made within 10 s.

#include <linux/tcp.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "lab/net/network.hpp"
#include "peers/connection.hpp"
#include "peers/raw_server.hpp"

namespace connfate::lab {

class TcpPair {
 public:
  explicit TcpPair(Network& network) : TcpPair(network, network.server_ip()) {}
  TcpPair(Network& network, const std::string& ip);

  std::uint16_t client_port() const { return client_->local().port; }
  peers::Connection& client() { return *client_; }
  const peers::RawSocket& server() const { return *server_; }
  tcp_info client_info() const;

  void send_from_client(const std::string& bytes);
  /// As many bytes as came before `limit` passed, at most `count`.
  std::string read_at_client(std::size_t count, std::chrono::milliseconds limit);
  /// A byte there and a byte back; throws when it does not arrive.
  void exchange();
  /// Until each side has acknowledged what the other sent, as the cable saw it.
  void settle(const Cable& cable) const;

 private:
  std::optional<peers::RawServer> listener_;
  std::unique_ptr<peers::Connection> client_;
  std::optional<peers::RawSocket> server_;
};

}  // namespace connfate::lab

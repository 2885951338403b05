// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides SocketDump: every TCP connection of this network namespace as the kernel knows it now,
// with its TCP_INFO. Needs no privilege. About 1 to 3 microseconds per socket; nothing is kept.
// Used by the command. Failure: std::system_error when the kernel could not be asked.

#include <cstddef>
#include <functional>
#include <vector>

#include "witness/sockets/socket_record.hpp"
#include "witness/sources/sock_diag.hpp"

namespace connfate::cli {

struct LiveSocket {
  witness::SocketRecord record;
  /// How often the SYN-ACK was sent again, of a connection whose handshake is not complete.
  unsigned syn_acks_again = 0;
  bool has_owner = true;  ///< false: no process holds it any more; the kernel finishes it alone
};

class SocketDump {
 public:
  using OnSocket = std::function<void(const LiveSocket&)>;

  SocketDump();

  /// Connections, and handshakes under way (kSynRecv): no listeners, none in TIME_WAIT.
  void visit(const OnSocket& on_socket);

 private:
  void visit_family(std::uint8_t family, const OnSocket& on_socket);
  void send_request(std::uint8_t family);
  bool read_some(const OnSocket& on_socket);  ///< false: that was the last

  witness::SockDiag socket_;
  std::vector<std::byte> buffer_;
  std::uint32_t sequence_ = 0;
};

}  // namespace connfate::cli

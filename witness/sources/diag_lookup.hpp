// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides DiagLookup: questions to the kernel about TCP sockets of this network namespace: the
// present state of one socket, and the ports that are listened on. Needs no privilege. One look-up
// is one request and its answer, 3 to 4 microseconds; it does not block.
// Used by the service. Failure: std::system_error when the kernel could not be asked; that is not
// the same as "no such socket".

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "witness/sockets/socket_record.hpp"
#include "witness/sources/sock_diag.hpp"

namespace connfate::witness {

class DiagLookup {
 public:
  DiagLookup();

  /// The socket with this flow and this cookie; nullopt when it is gone. A socket in TIME_WAIT is
  /// found, without a snapshot.
  std::optional<SocketRecord> find(const Flow& flow, std::uint64_t cookie);

  /// Of all addresses, IPv4 and IPv6; ascending, each once.
  std::vector<std::uint16_t> listening_ports();

 private:
  std::optional<SocketRecord> find_on(const Flow& flow, std::uint64_t cookie, unsigned interface);
  void append_listening(std::uint8_t family, std::vector<std::uint16_t>& ports);

  SockDiag socket_;
  std::vector<std::byte> buffer_;
  std::uint32_t sequence_ = 0;
};

}  // namespace connfate::witness

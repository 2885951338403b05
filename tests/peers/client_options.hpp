// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides what can be chosen about a client's connection before it exists.

#include <chrono>
#include <cstdint>
#include <string>

namespace connfate::peers {

/// The Host of every request and the server name of every TLS handshake.
inline constexpr char kHostName[] = "peer.test";

enum class Transport { kCleartext, kTls };

struct ClientOptions {
  Transport transport = Transport::kCleartext;
  int receive_buffer = 0;        ///< SO_RCVBUF in bytes, set before connect; 0: the kernel's choice
  std::string alpn{};            ///< the one protocol offered in a TLS handshake; empty: no ALPN
  std::uint16_t local_port = 0;  ///< 0: the kernel's choice
  std::chrono::milliseconds timeout{10000};  ///< of each single operation
};

}  // namespace connfate::peers

// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the name of one end of a TCP connection. No resolver: a literal is all a test needs.

#include <cstdint>
#include <string>

namespace connfate::peers {

struct Address {
  std::string ip;      ///< IPv4 or IPv6 literal, without brackets
  std::uint16_t port;  ///< host byte order
};

}  // namespace connfate::peers

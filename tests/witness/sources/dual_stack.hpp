// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides connections that component/loopback.hpp has not: an IPv4 client of an IPv6 listener, and
// one over an IPv6 link-local address of lo.

#include <optional>
#include <string>

#include "component/loopback.hpp"

namespace connfate::witness::fixture {

using connfate::fixture::Socket;

struct Pair {
  Socket client, server;
};

/// The client is 127.0.0.1, the server's socket is of AF_INET6. Throws std::system_error.
Pair connect_mapped();

/// Between fe80::1 and itself, on lo.
Pair connect_link_local();

}  // namespace connfate::witness::fixture

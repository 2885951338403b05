// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides ports for the test servers, in the network namespace of the calling thread.
// Failure: throws std::system_error when the kernel refuses a socket.

#include <cstdint>
#include <string>

namespace connfate::harness {

/// A port nobody listens on now: bound as port 0, read, and given back. Another program could take
/// it before the server does; in the lab's own namespace nobody is there to do so.
std::uint16_t free_port();

/// Whether a connection to 127.0.0.1:port succeeds now. The connection is closed at once.
bool is_listening(std::uint16_t port);

}  // namespace connfate::harness

// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides looks at a TCP socket's two queues without touching what lies in them.
// Used by Client (to wait until bytes lie unread) and by the backend (to reset only after
// delivery). The kernel announces none of these states, so the waits look every millisecond until a
// deadline. Failure: a dead descriptor throws std::runtime_error.

#include <chrono>
#include <cstddef>

namespace connfate::peers {

/// Bytes received and not read (FIONREAD).
std::size_t unread_bytes(int socket);

/// Bytes written and not acknowledged (SIOCOUTQ).
std::size_t unacknowledged_bytes(int socket);

/// False: the limit passed first.
bool wait_unread(int socket, std::size_t at_least, std::chrono::milliseconds limit);
bool wait_acknowledged(int socket, std::chrono::milliseconds limit);

/// Until unread_bytes() has not changed for `quiet`. False: the limit passed first.
bool wait_unread_steady(int socket, std::chrono::milliseconds quiet,
                        std::chrono::milliseconds limit);

}  // namespace connfate::peers

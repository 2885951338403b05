// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the tap on the server's own reads and writes. It lets them do their work and notes the
// first errno, timeouts, the end of the client's stream, and how many bytes were taken.
// Surprising:
//  - A filter above CORE is bypassed by event's write completion and by proxy tunnels, which call
//    the last filter directly. So the tap replaces the function of the CORE filter's record.
//  - On a failed write CORE destroys what it still holds, the end-of-request bucket included, and
//    that writes the access-log line before the error is returned to anybody. So the tap keeps a
//    second reference on each EOR bucket until the call is over, and lets go of it then.

#include "connection.hpp"
#include "server.hpp"

namespace connfate::apache {

/// Registers the input filter. Once per configuration, before any connection.
void register_tap() noexcept;

/// Puts the tap in front of the CORE output filter; idempotent. False when this httpd's EOR buckets
/// are not what we know: then nothing is done.
bool install_tap(apr_pool_t* pool) noexcept;

/// Adds the input side to a new client connection.
void tap_input(conn_rec* c) noexcept;

}  // namespace connfate::apache

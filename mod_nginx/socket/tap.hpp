// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the tap on the server's own reads and writes: it stands in front of a connection's recv,
// send and send_chain, lets them do their work, and notes the first errno.
// Surprising:
//  - nginx logs a failed write before it returns, and the write of that log line overwrites errno.
//    The tap therefore also reads errno inside the connection's log handler, which runs first.
//  - nginx replaces these pointers itself (TLS handshake and shutdown), so install_tap() is
//    repeated for every request and must be, and is, idempotent.

#include "socket/connection.hpp"
#include "socket/server.hpp"

namespace connfate::nginx {

void install_tap(ngx_connection_t* c, PeerConnection& peer) noexcept;

}  // namespace connfate::nginx

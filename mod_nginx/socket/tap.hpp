// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the tap on the server's own reads and writes: it stands in front of a connection's recv,
// send and send_chain, lets them do their work, and notes the first errno.
// Surprising:
//  - nginx logs a failed write before it returns, and the write of that log line overwrites errno.
//    The tap therefore also reads errno inside the connection's log handler, which runs first.
//  - Other modules tap as well, before us or after us. What stood in front of the tap may call it,
//    so it is never taken for what lies behind: the tap is put in front again only where nginx's
//    own function has come back. docs/adr has the reasons.

#include "socket/connection.hpp"
#include "socket/server.hpp"

namespace connfate::nginx {

/// For every request: another module may have taken the tap off since.
void install_tap(ngx_connection_t* c, PeerConnection& peer) noexcept;

/// Called with what a connection sends (c->send) once peer.watches_sent is set.
using SentWatcher = void (*)(ngx_connection_t* c, const u_char* data, std::size_t size);

/// From now on the tap tells `watcher`, the only one there is, what this connection sends.
void watch_sent(PeerConnection& peer, SentWatcher watcher) noexcept;

/// The same for chains (c->send_chain), before they are sent.
using ChainWatcher = void (*)(PeerConnection& peer, const ngx_chain_t* chain);
void watch_chains(PeerConnection& peer, ChainWatcher watcher) noexcept;

/// Whether every read of the connection begins at the tap. Where somebody stands in front, reads
/// may go past it.
bool taps_reads(const ngx_connection_t* c) noexcept;

}  // namespace connfate::nginx

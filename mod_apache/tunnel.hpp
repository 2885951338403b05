// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Tunnel: how a connection ended that httpd had upgraded (a WebSocket, mostly). A tunnel
// has no last byte; what tells a good end from a cut is who left first, and over WebSocket whether
// the Close frame had gone by. Used by hooks.cpp, tap.cpp and view.cpp.
// Surprising: mod_proxy waits for the ends of both sides, and passes the backend's on by shutting
// the client's socket down, which no filter sees. Only the state of the socket tells, when the
// client's end is read, whether ours had gone out before.

#include <cstdint>

#include "connfate/websocket_frames.hpp"
#include "server.hpp"

namespace connfate::apache {

struct PeerConnection;

struct Tunnel {
  bool is_websocket = false;
  bool is_asked_for = false;  ///< a request for an upgrade is under way
  bool is_watched = false;    ///< and all that was sent for it has been looked at
  bool end_seen = false;      ///< of either side, or of the request
  bool backend_left_first = false;
  std::uint8_t head_matched = 0;  ///< of the empty line behind the answer's head
  WebSocketFrames to_client;
};

/// Registers the filter. Once per configuration.
void register_tunnel_filter() noexcept;

/// The request has arrived. Does nothing for one that asks for no upgrade.
void watch_tunnel(request_rec* r, PeerConnection& peer) noexcept;

/// The client's end was read, or the request has come to its log phase: whose end was first? One
/// TCP_INFO, for tunnels only.
void note_tunnel_end(PeerConnection& peer) noexcept;

/// Whether the tunnel ended in order, and not with a cut.
bool tunnel_complete(const PeerConnection& peer) noexcept;

/// The request has been logged: what the connection carries now is none of it.
void forget_tunnel(PeerConnection& peer) noexcept;

}  // namespace connfate::apache

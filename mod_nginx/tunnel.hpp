// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Tunnel: how a connection ended that nginx had upgraded (a WebSocket, mostly). A tunnel
// has no last byte; what tells a good end from a cut is who ended it, and over WebSocket whether
// the Close frame had gone by. Used by hooks.cpp, which hands it the head of the response, by
// tap.cpp, and by view.cpp. Surprising: by the time of the log phase nginx has forgotten all of it:
// the upstream connection is closed, and the same flags stand for a client that left, a backend
// that left and a timer. So we stand in front of the upstream's finalize_request, which is told the
// reason. A tunnel that lua serves has no upstream, and ends when its handler does.

#include "connfate/websocket_frames.hpp"
#include "request.hpp"
#include "server.hpp"

namespace connfate::nginx {

struct Tunnel {
  void (*finalize_request)(ngx_http_request_t* r, ngx_int_t rc) = nullptr;  ///< the upstream's own
  bool is_websocket = false;
  bool timed_out = false;       ///< nginx's timer for the backend ended it
  bool backend_closed = false;  ///< the backend ended it with a FIN, and all it sent went on
  WebSocketFrames to_client;
};

/// Whether the connection is, or is about to become, a tunnel.
bool switched_protocols(const ngx_http_request_t* r) noexcept;

/// When the head of the response is made. Does nothing for other responses.
void watch_tunnel(ngx_http_request_t* r, RequestState& state) noexcept;

/// Whether the tunnel ended in order, and not with a cut: on our side, or behind a Close frame.
bool tunnel_complete(const ngx_http_request_t* r, const RequestState& state) noexcept;

}  // namespace connfate::nginx

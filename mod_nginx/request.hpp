// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides RequestState: what is remembered about one request, and the one observation that all
// fields of its log line share.
// Surprising: nginx wipes a request's module contexts on every internal redirect, so the state is
// kept as a cleanup node of the request's pool. Subrequests use the state of their main request.

#include <optional>

#include "connfate/kept_observation.hpp"
#include "server.hpp"
#include "socket/connection.hpp"

namespace connfate::nginx {

struct Tunnel;

struct RequestState {
  bool head_received = false;  ///< the POST_READ phase ran: the request's head was complete
  bool head_made = false;      ///< the response's head came through our filter
  bool last_buffer = false;    ///< the end of the response entered the output chain
  bool keepalive = false;      ///< r->keepalive, when the head of the response was made
  bool in_log_phase = false;
  bool written_by_thread = false;  ///< see pool_thread.hpp
  Tunnel* tunnel = nullptr;        ///< nginx switched protocols for it
  KeptObservation observation;
};

/// nullptr when there is none yet.
RequestState* find_request_state(ngx_http_request_t* r) noexcept;

/// Finds or makes it; nullptr when memory ran out.
RequestState* request_state(ngx_http_request_t* r) noexcept;

/// A main request with all that belongs to it: looked up once, at the door of a hook or a variable.
struct Exchange {
  ngx_http_request_t* r;
  ngx_connection_t* c;  ///< the one that carries it, see http_connection.hpp
  PeerConnection* peer;
  RequestState* state;
};

/// Finds or makes what belongs to the main request of `r`; nullopt when memory ran out.
std::optional<Exchange> exchange_of(ngx_http_request_t* r) noexcept;

/// The observation of `x`. In the log phase it is taken once, moves the connection's baseline and
/// is kept; before, it is a fresh look that changes nothing and is valid until the next call.
/// nullptr when memory ran out.
const Observation* observation(const Exchange& x, Identity wanted) noexcept;

}  // namespace connfate::nginx

// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides RequestState: what is remembered about one request, and the one observation that all
// fields of its log line share.
// Surprising: an internal redirect or an ErrorDocument makes a new request_rec, and mod_log_config
// passes the last one. The state belongs to the first, the one the client asked for.

#include <optional>

#include "connection.hpp"
#include "connfate/kept_observation.hpp"
#include "message.hpp"
#include "server.hpp"
#include "streams.hpp"

namespace connfate::apache {

struct RequestState {
  bool head_received = false;     ///< post_read_request ran: the request's head was complete
  bool body_failed = false;       ///< reading the request's body ended before its end
  bool had_data = false;          ///< HTTP/2: the handler produced the end, or could not hand over
  bool stream_timed_out = false;  ///< HTTP/2: the handler's wait for room ended by Timeout
  bool in_log_phase = false;
  KeptObservation observation;
  Message message;  ///< the answer, as the last of its filters saw it
  Stream stream;    ///< HTTP/2 only
};

/// The request that the client sent: the main one, before every internal redirect.
request_rec* root_of(request_rec* r) noexcept;

/// The request that produced the answer: the last of the internal redirects.
request_rec* answering(request_rec* r) noexcept;

/// nullptr when there is none yet.
RequestState* find_request_state(request_rec* r) noexcept;

/// Finds or makes it.
RequestState& request_state(request_rec* r) noexcept;

/// A request with all that belongs to it: looked up once, at the door of a hook or a field.
struct Exchange {
  request_rec* r;  ///< the one that the client sent
  PeerConnection* peer;
  RequestState* state;
};

/// Finds or makes what belongs to the root of `r`; nullopt when its connection is not watched.
std::optional<Exchange> exchange_of(request_rec* r) noexcept;

/// The observation of `x`. In the log phase it is taken once, moves the connection's baseline and
/// is kept; before, it is a fresh look that changes nothing. Never nullptr.
const Observation* observation(const Exchange& x, Identity wanted) noexcept;

}  // namespace connfate::apache

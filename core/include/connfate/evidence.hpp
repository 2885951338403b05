// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Evidence: all that the rules may look at, and Findings: what follows from it by
// arithmetic alone. Keeping the two apart keeps every rule one readable line.
// Used by rules.cpp; built by observation.cpp from one look at the socket, and by tests from
// literals.

#include <optional>

#include "connfate/fate.hpp"
#include "connfate/server_view.hpp"
#include "connfate/socket_error.hpp"
#include "connfate/tcp_snapshot.hpp"

namespace connfate {

struct Evidence {
  ServerView view;
  std::optional<TcpSnapshot> snapshot;
  std::optional<SocketError> error;   ///< the first one of the connection
  std::optional<Bytes> output_queue;  ///< SIOCOUTQ, when it was needed
  std::optional<Bytes> written_to;    ///< the write offset now; `end` may lie before it (HTTP/2)
  std::optional<Bytes> start;         ///< of this response in the stream
  std::optional<Bytes> end;
  /// This host refused to send so many bytes during this response (on a shared stream: during the
  /// connection); nullopt when it cannot be told.
  std::optional<Bytes> refused;
  TcpSnapshot::Microseconds busy{};          ///< during this response: the sender had data to send
  TcpSnapshot::Microseconds rwnd_limited{};  ///< of that: waited for the receive window
  /// During this response: retransmitting after its timer had run out. nullopt before 6.7, and
  /// where an earlier response may have a share in it.
  std::optional<TcpSnapshot::Milliseconds> rto_time;
};

struct Findings {
  bool dead = false;              ///< the connection ended by RST, timer, ICMP or local kill
  bool all_acked = false;         ///< every byte up to `end`
  bool acks_known = false;        ///< false: the kernel cannot say what was acknowledged
  bool fin_received = false;      ///< the client's FIN arrived before whatever else happened
  bool fin_excluded = false;      ///< it certainly did not
  bool error_consumed = false;    ///< dead, and the errno that says why was taken by someone else
  bool timer_expired = false;     ///< dead at the very moment the retransmission timer ran out
  bool backoff_reverted = false;  ///< more retransmissions than back-off allows: ICMP (RFC 6069)
  bool no_request_byte = false;   ///< nothing of a request has arrived, nor shows that it was sent
  bool request_at_hand = false;   ///< much of the request lies in the socket
  bool request_unread = false;    ///< and has lain there for a while
  bool window_closed = false;     ///< data waits, and the client's window takes less than a segment
  bool nothing_waits = false;     ///< the kernel has put everything on the wire that it was given
  bool probing_unanswered = false;  ///< at least two window probes went unanswered
  bool retransmitting = false;      ///< data is out, the timer has fired, nothing came back
  bool recovered_late = false;      ///< most of the busy time was spent in retransmission timeouts
  bool window_limited = false;      ///< most of the busy time was spent waiting for the window
  bool kept_here = false;           ///< the missing bytes were refused here, up to this moment
  bool stuck_here = false;          ///< the timer fired, and a repeat had to wait on this host
  bool held_back_here = false;      ///< data waits although window is open and nothing is in flight
  ErrorKind error = ErrorKind::kNone;
  Close close = Close::kUnknown;
  Phase phase = Phase::kWaiting;
};

/// Pure; looks at nothing but its argument.
Findings derive(const Evidence& evidence) noexcept;

}  // namespace connfate

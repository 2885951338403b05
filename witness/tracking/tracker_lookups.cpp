// SPDX-License-Identifier: Apache-2.0
#include "witness/tracking/tracker_state.hpp"

namespace connfate::witness {
namespace {

/// A live connection that was sending again this often is said to be in trouble.
constexpr std::uint8_t kTroubleRetransmits = 2;

Queue after(Queue lookup) noexcept {
  return lookup == Queue::kLookup5 ? lookup
                                   : static_cast<Queue>(static_cast<std::uint8_t>(lookup) + 1);
}

/// Not decided by what happens to the connection later.
bool is_settled_while_alive(Fate fate) noexcept {
  return fate == Fate::kStreamReset || fate == Fate::kServerAbort || fate == Fate::kClientStalled ||
         fate == Fate::kServerTimeout || fate == Fate::kUnknown;
}

/// What this host said after the response was acknowledged: the client was there.
bool was_heard_since(const WaitingResponse& response, const SocketRecord& socket) noexcept {
  return socket.snapshot->bytes_acked.value_or(Bytes{}) > response.end;
}

}  // namespace

void Tracker::State::settle_standing(std::uint32_t at, const SocketRecord& socket, Instant now) {
  const TrackedConnection& c = table.connection(at);
  for (const std::uint32_t index : table.responses_of(at)) {
    const WaitingResponse& response = table.response(index);
    if (!is_settled_while_alive(response.fate)) continue;
    if (response.rests_on_stream_window() && !was_heard_since(response, socket)) continue;
    emit(response_line(c, response, known_of(c, &socket, now), aggregates));
    table.remove_response(index);
  }
}

/// Trouble is seen while it happens: once for each response, and the final line still comes.
void Tracker::State::say_in_progress(std::uint32_t at, const SocketRecord& socket, Instant now) {
  if (socket.snapshot->retransmits < kTroubleRetransmits) return;
  const TrackedConnection& c = table.connection(at);
  for (const std::uint32_t index : table.responses_of(at)) {
    WaitingResponse& response = table.response(index);
    if (response.said_in_progress) continue;
    response.said_in_progress = true;
    Known known = known_of(c, &socket, now);
    known.reason = "in_progress";
    emit(response_line(c, response, known, aggregates));
  }
}

void Tracker::State::found(std::uint32_t at, const SocketRecord& socket, Instant now) {
  if (socket.has_acknowledged_fin()) return attach_end(at, socket, now, now);
  table.connection(at).missed_once = false;
  forget(missing, table.connection(at));
  const Queue queue = table.connection(at).queue;
  if (socket.snapshot) {
    settle_acked(at, socket, now);
    if (socket.snapshot->is_live()) {
      table.connection(at).alive_ms = low_milliseconds(now);
      settle_standing(at, socket, now);
      say_in_progress(at, socket, now);
    }
  }
  if (table.connection(at).waiting.empty()) {
    table.move_to(at, Queue::kIdle, now);
  } else if (is_lookup(queue)) {
    table.move_to(at, after(queue), now);
  }
}

void Tracker::State::missed(std::uint32_t at, Instant now) {
  TrackedConnection& c = table.connection(at);
  // Its end may be on the way: the kernel tells of it when the last packet of the socket is freed,
  // and one that waits for a silent neighbour is kept for three seconds (mcast_solicit probes).
  if (!std::exchange(c.missed_once, true)) {
    missing[c.flow] = c.cookie;
    table.move_to(at, Queue::kLookup2, now);
    join_by_flow(at, now);
    return;
  }
  give_up(at, losses != c.losses_before ? "lost_events" : "no_such_socket", now);
}

/// Says what is known of the responses. The connection is remembered for a while: the kernel tells
/// of an end from a work queue, on a busy host a second or more after the socket is gone.
void Tracker::State::give_up(std::uint32_t at, const std::string& reason, Instant now) {
  const TrackedConnection& c = table.connection(at);
  Known known = known_of(c, nullptr, std::nullopt);
  known.reason = reason;
  for (const std::uint32_t index : table.responses_of(at)) {
    emit(response_line(c, table.response(index), known, aggregates));
    table.remove_response(index);
  }
  forget(missing, c);
  table.move_to(at, Queue::kAfterlife, now);
}

}  // namespace connfate::witness

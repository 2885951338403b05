// SPDX-License-Identifier: Apache-2.0
#include "witness/tracking/tracker_state.hpp"

namespace connfate::witness {
namespace {

/// Responses that wait on one connection. Each report looks at all of them: without a bound thirty
/// thousand reports of one cookie would cost seconds.
constexpr std::size_t kMostOnOneConnection = 256;

}  // namespace

void Tracker::State::report(const Report& r, Instant now) {
  const std::uint64_t cookie = *r.observation.cookie;
  std::uint32_t at = table.find(cookie);
  if (at == kNoIndex) {
    at = table.add(cookie, r.flow, now);
    table.connection(at).losses_before = losses;
  }
  TrackedConnection& c = table.connection(at);
  if (c.queue == Queue::kUnnamed) {
    forget(unnamed_ends, c);
    table.move_to(at, Queue::kSettle, now);
  }
  c.reported = true;
  c.ttl = r.observation.ttl.value_or(c.ttl);
  SocketRecord seen;
  seen.snapshot = r.observation.evidence.snapshot;
  if (seen.snapshot) {
    claim_packets(c, &seen, now);
    settle_acked(at, seen, now);
  }
  wait_for(at, r, seen, now);
}

/// The server had closed the socket before it could be named; nothing will join it with its end.
void Tracker::State::report_without_cookie(const Report& r) {
  TrackedConnection nameless;
  nameless.flow = r.flow;
  Known known;
  known.wire = {std::make_shared<WireHistory>(), 0};
  known.capture_runs = options.capture_runs;
  known.ttl = r.observation.ttl;
  known.reason = "no_cookie";
  emit(response_line(nameless, WaitingResponse::from(r), known, aggregates));
}

void Tracker::State::wait_for(std::uint32_t at, const Report& r, const SocketRecord& seen,
                              Instant now) {
  if (table.responses_of(at).size() >= kMostOnOneConnection) {
    ++counters.evicted;
    return;
  }
  const bool delivered = r.observation.verdict.fate == Fate::kDelivered;
  if (delivered) aggregates.silences.note_alive(r.flow.remote, now);
  if (delivered && !options.log_all) return fates.add_delivered(r.server);
  table.add_response(at, WaitingResponse::from(r));
  if (delivered && seen.snapshot) {
    settle_acked(at, seen, now);
  } else {
    const TrackedConnection& c = table.connection(at);
    const bool was_given_up = c.queue == Queue::kAfterlife && !c.end;
    if (c.queue == Queue::kIdle || was_given_up) table.move_to(at, Queue::kLookup0, now);
  }
  evict();
}

/// Every response whose last byte is acknowledged, whatever comes later.
void Tracker::State::settle_acked(std::uint32_t at, const SocketRecord& socket, Instant now) {
  const TrackedConnection& c = table.connection(at);
  for (const std::uint32_t index : table.responses_of(at)) {
    WaitingResponse& response = table.response(index);
    const Bytes acked = socket.snapshot->bytes_acked.value_or(Bytes{});
    response.acked = std::max(response.acked, acked);
    const bool may = response.fate == Fate::kPending || response.fate == Fate::kDelivered;
    if (!may || !response.has_end || response.acked < response.end) continue;
    aggregates.silences.note_alive(c.flow.remote, now);
    if (options.log_all) {
      emit(response_line(c, response, known_of(c, &socket, now), aggregates));
    } else {
      fates.add_delivered(response.text(WaitingResponse::kServer));
    }
    table.remove_response(index);
  }
}

void Tracker::State::evict() {
  while (table.memory_used() > options.memory) {
    if (table.oldest_response() != kNoIndex) {
      const std::uint32_t index = table.oldest_response();
      const TrackedConnection& c = table.connection(table.response(index).connection);
      Known known = known_of(c, nullptr, std::nullopt);
      known.socket = nullptr;
      known.reason = "evicted";
      ++counters.evicted;
      emit(response_line(c, table.response(index), known, aggregates));
      table.remove_response(index);
    } else if (table.oldest_of(Queue::kIdle) != kNoIndex) {
      table.remove(table.oldest_of(Queue::kIdle));
    } else {
      return;
    }
  }
}

}  // namespace connfate::witness

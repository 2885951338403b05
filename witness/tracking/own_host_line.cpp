// SPDX-License-Identifier: Apache-2.0
#include "witness/tracking/own_host_line.hpp"

#include <algorithm>

#include "connfate/refused.hpp"
#include "witness/silence/silence_timing.hpp"

namespace connfate::witness {

OwnHost own_host_of(const Known& known, const Subject& subject, const HostFacts& host) {
  const bool has_counters =
      known.ended && known.socket != nullptr && known.socket->snapshot && subject.end;
  if (!has_counters) return {};
  const Bytes acked = std::max(subject.acked.value_or(Bytes{}),
                               known.socket->snapshot->bytes_acked.value_or(Bytes{}));
  return look_at_own_host({.missing = {.start = subject.start.value_or(Bytes{}),
                                       .end = *subject.end,
                                       .acked = acked,
                                       .refused_before = subject.refused_before},
                           .socket = *known.socket,
                           .history = *known.wire.history,
                           .host = host,
                           .ended_at = known.ended_at.value_or(Instant{})});
}

bool is_output_excluded(const SocketRecord& socket, const Subject& subject) noexcept {
  if (!socket.snapshot) return false;
  const auto total = refused_bytes(*socket.snapshot, socket.unacked);
  if (!total) return false;
  const Bytes refused = *total - subject.refused_before;
  const Bytes start = subject.start.value_or(Bytes{});
  return refused == Bytes{} || !is_kept_here(*socket.snapshot, socket.unacked, refused, start);
}

bool may_have_dropped(const QueueDrops& queues, const Silence& silence) noexcept {
  const auto measured_at = silence.taken_at ? silence.taken_at : silence.ended_at;
  if (!measured_at) return false;
  const auto timing = timing_of(silence);
  const Instant from = timing ? timing->first_sent : *measured_at - silence.snapshot.silence();
  const std::uint64_t least = std::max(1U, unsigned{silence.snapshot.retransmits});
  return queues.between(from, *measured_at) >= least;
}

bool is_blamed_here(const FinalLine& line) noexcept {
  const bool link = line.fate == Fate::kUnreachable && line.by == By::kServer;
  return line.fate == Fate::kBlockedHere || link;
}

void add_own_host(Attribution& a, const OwnHost& own, Fate fate) {
  a.evidence.insert(a.evidence.end(), own.evidence.begin(), own.evidence.end());
  if (!own.is_suspect || !is_silence(fate)) return;
  a.path_proven_alive = a.refused_on_path = false;
  a.confidence = Confidence::kNone;
}

}  // namespace connfate::witness

// SPDX-License-Identifier: Apache-2.0
// What follows from the evidence by arithmetic, before any rule is asked.
#include <algorithm>

#include "connfate/response_range.hpp"
#include "witness/verdict/final_verdict.hpp"
#include "witness/wire/rst_effect.hpp"

namespace connfate::witness {
namespace {

using E = const FinalEvidence&;

bool before(const std::optional<Instant>& a, const std::optional<Instant>& b) noexcept {
  return a && (!b || *a <= *b);
}

/// When the retransmission timer ran out for the last time. Until the process hears of it and
/// closes, which may take long on a busy host, the socket exists, but receives nothing any more.
std::optional<Instant> gave_up_at(E e) noexcept {
  if (!e.destroyed_at || !e.socket || !e.socket->snapshot) return std::nullopt;
  const TcpSnapshot& s = *e.socket->snapshot;
  if (s.is_live() || s.retransmits == 0) return std::nullopt;
  return *e.destroyed_at - s.last_data_sent + s.rto - kTimerGrain;
}

/// A reply of a kernel that had no such socket any more.
bool is_afterthought(E e) noexcept {
  const auto gave_up = gave_up_at(e);
  return e.wire.rst_out_is_reply && gave_up && *e.wire.rst_out >= *gave_up;
}

/// The order of events: whatever this host sent after the socket was gone is a consequence.
void derive_order(E e, FinalFindings& f) noexcept {
  const WireFacts& w = e.wire;
  const bool rst_in = w.rst_in && w.rst_effect != RstEffect::kIgnored &&
                      w.rst_effect != RstEffect::kChallenged &&
                      w.rst_effect != RstEffect::kPostClose &&
                      (!e.destroyed_at || *w.rst_in <= *e.destroyed_at + kClockSkew);
  // Of a socket that had just gone the event comes a little later than the answer without it.
  const Duration late = w.rst_out_is_reply ? kClockSkew : Duration{};
  const bool rst_out =
      w.rst_out && (!e.destroyed_at || *w.rst_out + late <= *e.destroyed_at) && !is_afterthought(e);
  f.ended_by_rst_in = rst_in && before(w.rst_in, rst_out ? w.rst_out : std::nullopt);
  f.ended_by_rst_out = rst_out && !f.ended_by_rst_in;
  const bool fin_captured = w.fin_in && before(w.fin_in, w.rst_in);
  f.fin_in_first = e.subject.fin_seen || fin_captured;
  if (f.fin_in_first || !e.socket || !e.socket->snapshot || !e.subject.bytes_taken) return;
  const auto received = e.socket->snapshot->bytes_received;
  f.fin_in_first =
      received && *received == *e.subject.bytes_taken + Bytes{1} && e.socket->unread == Bytes{};
}

void derive_counters(E e, FinalFindings& f) noexcept {
  const TcpSnapshot& s = *e.socket->snapshot;
  f.retransmitted = s.retransmits > 0;
  f.probing_unanswered = s.probes > 1;
  f.timer_expired = !s.is_live() && s.retransmission_timer_ran_out();
}

/// Segments with data count whatever became of them. Those that TCP did not queue may also have
/// come after this host had closed, which only packets can tell.
void derive_request(E e, FinalFindings& f) noexcept {
  const TcpSnapshot& s = *e.socket->snapshot;
  if (!s.bytes_received) return;
  const bool segments = s.data_segs_in ? *s.data_segs_in > 0 : *s.bytes_received > Bytes{1};
  const bool behind_a_gap = s.segs_out_of_order.value_or(0) > 0;
  const Bytes sent = e.wire.client_sent.value_or(Bytes{});
  f.no_request_byte = *s.bytes_received <= Bytes{1} && !segments && sent == Bytes{};
  const Bytes fin{e.wire.fin_in ? 1U : 0U};
  f.only_handshake = e.wire.handshake_end && !behind_a_gap && sent <= *e.wire.handshake_end &&
                     *s.bytes_received <= *e.wire.handshake_end + fin;
  const bool nothing_read = *s.bytes_received == Bytes{};
  f.request_lost = sent > *s.bytes_received ||
                   (nothing_read && (behind_a_gap || (segments && e.capture_complete)));
}

std::optional<Bytes> highest(std::optional<Bytes> a, std::optional<Bytes> b) noexcept {
  if (a && b) return std::max(*a, *b);
  return a ? a : b;
}

}  // namespace

FinalFindings derive(const FinalEvidence& e) noexcept {
  FinalFindings f;
  f.acked = e.subject.acked;
  const bool counters = e.standing != Standing::kWiped && e.socket && e.socket->snapshot;
  if (counters) f.acked = highest(f.acked, e.socket->snapshot->bytes_acked);
  // Where the end was not known when it was logged, it is what the connection was given by now.
  auto end = e.subject.end;
  if (!end && counters) end = write_offset(*e.socket->snapshot, e.socket->unacked, false);
  f.all_acked = f.acked && end && *f.acked >= *end;
  if (e.socket && e.socket->has_acknowledged_fin()) {
    f.acked = highest(f.acked, end);
    f.all_acked = true;
  }
  derive_order(e, f);
  if (counters) derive_counters(e, f);
  if (counters && e.standing == Standing::kEnded) derive_request(e, f);
  return f;
}

}  // namespace connfate::witness

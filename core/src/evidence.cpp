// SPDX-License-Identifier: Apache-2.0
#include "connfate/evidence.hpp"

#include "connfate/refused.hpp"
#include "connfate/response_range.hpp"

namespace connfate {
namespace {

using std::chrono::milliseconds;

/// At the end of a plain exponential back-off the time spent in it is about twice the last rto.
/// Twice that again cannot be reached unless the back-off was undone on the way.
constexpr int kRevertedFactor = 4;

/// More than a server keeps in a buffer of its own before it hands it up (httpd's core input filter
/// 8000 bytes), and long enough not to have come at the very moment of the timer.
constexpr Bytes kMuchUnread{16384};
constexpr milliseconds kLongUnread{100};

/// The kernel keeps EPIPE for the next call when a RST comes in CLOSE_WAIT, that is behind a FIN,
/// and ECONNRESET otherwise (tcp_reset, net/ipv4/tcp_input.c, 6.1). Whoever comes second gets EPIPE
/// for either, so nobody may have come first.
bool is_first_epipe(const Evidence& e, const TcpSnapshot& s) noexcept {
  return e.error && kind_of(e.error->code) == ErrorKind::kPipe && e.view.since_read &&
         s.last_data_sent + kTimerGrain < *e.view.since_read;
}

/// A FIN is one byte of bytes_received that no read ever returns. While the connection lives its
/// state knows better: there, one byte more is a byte that nobody has read yet.
void derive_fin(const Evidence& e, Findings& f) noexcept {
  const TcpSnapshot& s = *e.snapshot;
  f.fin_received = e.view.fin_seen || has_received_fin(s.state);
  if (f.fin_received || s.is_live()) return;
  const bool counted = e.view.bytes_taken && s.bytes_received;
  f.fin_excluded = counted && *s.bytes_received == *e.view.bytes_taken;
  const bool fin_counted = counted && *s.bytes_received == *e.view.bytes_taken + Bytes{1};
  f.fin_received = fin_counted || (!f.fin_excluded && is_first_epipe(e, s));
}

/// Data that came with a gap before it is no longer nothing: part of a request was lost on its way.
void derive_request_bytes(const Evidence& e, Findings& f) noexcept {
  const TcpSnapshot& s = *e.snapshot;
  if (!e.view.bytes_before_request || !s.bytes_received) return;
  const Bytes before = *e.view.bytes_before_request;
  const Bytes fin{has_received_fin(s.state) ? 1U : 0U};
  const bool data_came = before == Bytes{} && s.data_segs_in.value_or(0) > 0;
  f.no_request_byte =
      *s.bytes_received == before + fin && !data_came && s.segs_out_of_order.value_or(0) == 0;
}

/// On a shared stream the bytes may be those of another request.
void derive_unread(const Evidence& e, Findings& f) noexcept {
  const TcpSnapshot& s = *e.snapshot;
  if (!e.view.bytes_taken || !s.bytes_received || e.view.shared_stream) return;
  f.request_at_hand = *s.bytes_received > *e.view.bytes_taken + kMuchUnread;
  f.request_unread = f.request_at_hand && s.last_data_recv >= kLongUnread;
}

void derive_death(const Evidence& e, Findings& f) noexcept {
  const TcpSnapshot& s = *e.snapshot;
  const bool ended_in_order = f.error == ErrorKind::kNone && own_fin_acked(s);
  f.dead = f.error != ErrorKind::kNone || (!s.is_live() && !ended_in_order);
  f.error_consumed =
      f.dead && !s.is_live() &&
      (f.error == ErrorKind::kNone || (f.error == ErrorKind::kPipe && !f.fin_received));
  f.timer_expired = f.error_consumed && s.retransmission_timer_ran_out();
  f.backoff_reverted = f.timer_expired && s.total_rto_time && s.retransmits > 1 &&
                       *s.total_rto_time > kRevertedFactor * s.rto;
}

void derive_progress(const Evidence& e, Findings& f) noexcept {
  const TcpSnapshot& s = *e.snapshot;
  const bool waiting_data = s.notsent.value_or(Bytes{}) > Bytes{};
  const bool shut = s.snd_wnd ? *s.snd_wnd < s.snd_mss : s.unacked == Segments{} && s.backoff > 0;
  f.window_closed = waiting_data && shut;
  f.nothing_waits = s.notsent == Bytes{};
  f.probing_unanswered = s.probes > 1;
  f.retransmitting =
      s.is_live() && (s.retransmits > 0 || (s.unacked > Segments{} && s.backoff > 0));
  f.recovered_late = e.rto_time && e.busy.count() > 0 && *e.rto_time > e.busy / 2;
  f.window_limited = e.busy.count() > 0 && e.rwnd_limited > e.busy / 2;
  f.held_back_here = s.is_live() && waiting_data && s.unacked == Segments{} && !f.window_closed;
}

void derive_refused(const Evidence& e, Findings& f) noexcept {
  const TcpSnapshot& s = *e.snapshot;
  // A repeat whose first copy still lies in a queue of this host, or has no route, is not counted
  // (__tcp_retransmit_skb(), net/ipv4/tcp_output.c, 6.1): the timer fired more often than it sent.
  f.stuck_here = s.retransmits > s.total_retrans.value;
  f.kept_here = e.refused && e.output_queue && e.end && !f.all_acked &&
                is_kept_here(s, *e.output_queue, *e.refused, e.start);
}

Close close_of(const Evidence& e, const Findings& f) noexcept {
  switch (f.error_consumed ? ErrorKind::kNone : f.error) {
    case ErrorKind::kReset:
    case ErrorKind::kPipe: return Close::kRst;
    case ErrorKind::kTimeout: return Close::kTimeout;
    case ErrorKind::kIcmp: return Close::kIcmp;
    case ErrorKind::kLocalKill: return Close::kLocal;
    case ErrorKind::kNone: break;
  }
  const TcpSnapshot& s = *e.snapshot;
  if (f.dead && f.timer_expired) return f.backoff_reverted ? Close::kIcmp : Close::kTimeout;
  if (f.dead && f.probing_unanswered) return Close::kUnknown;  // timer or RST: nobody can tell now
  if (f.dead) return Close::kRst;
  if (s.state == TcpState::kCloseWait || s.state == TcpState::kLastAck) return Close::kFin;
  if (!s.is_live()) return e.view.peer_closed || e.view.fin_seen ? Close::kFin : Close::kLocal;
  if (has_sent_fin(s.state)) return Close::kLocal;
  return f.fin_received ? Close::kFin : Close::kOpen;
}

Phase phase_of(const Evidence& e) noexcept {
  if (!e.view.request_received) return Phase::kRequest;
  if (e.view.complete) return Phase::kDrained;
  const bool bytes_written = e.start && e.end && *e.end > *e.start;
  return e.view.response_started || bytes_written ? Phase::kSending : Phase::kWaiting;
}

}  // namespace

Findings derive(const Evidence& e) noexcept {
  Findings f;
  f.phase = phase_of(e);
  f.error = e.error ? kind_of(e.error->code) : ErrorKind::kNone;
  if (!e.snapshot) {
    if (e.view.closed_here) f.close = Close::kLocal;
    return f;
  }
  const auto acked = e.view.end_ahead ? std::optional(false)
                                      : acknowledged_up_to(*e.snapshot, e.end, e.output_queue);
  f.acks_known = acked.has_value();
  f.all_acked = acked.value_or(false);
  derive_fin(e, f);
  derive_request_bytes(e, f);
  derive_unread(e, f);
  derive_death(e, f);
  derive_progress(e, f);
  derive_refused(e, f);
  f.close = close_of(e, f);
  return f;
}

}  // namespace connfate

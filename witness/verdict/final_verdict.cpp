// SPDX-License-Identifier: Apache-2.0
// The ordered table of final rules. What the server alone knew at log time stands; then full
// delivery, which nothing later undoes; then what ended the connection, this host first.
#include "witness/verdict/final_verdict.hpp"

#include <algorithm>
#include <array>
#include <chrono>

#include "connfate/response_range.hpp"
#include "witness/wire/rst_effect.hpp"

namespace connfate::witness {
namespace {

using E = const FinalEvidence&;
using F = const FinalFindings&;
using std::chrono::milliseconds;

/// The resolution of the kernel's ages and of its timer wheel, as in core's evidence.cpp.
constexpr milliseconds kTimerGrain{20};

/// The log-time fate was not about the acknowledgement: no later acknowledgement changes it.
bool stands(Fate first) noexcept {
  return first != Fate::kPending && first != Fate::kDelivered;
}

/// An ICMP error after which a kernel gives up, where nothing is acknowledged either.
bool has_refusal(E e) noexcept {
  return e.wire.icmp && !e.wire.icmp->is_about_size();
}

constexpr std::array kRules{
    FinalRule{"final-acknowledged-by-reset", Fate::kDelivered,
              "The client reset the connection with a RST that acknowledges every byte.",
              [](E e, F) noexcept { return e.reset_acknowledged; }},
    FinalRule{"final-silence-after-client-left", Fate::kAckTimeout,
              "The client left after data had been sent again and again without reaching it, and "
              "the kernel went on until it gave up.",
              [](E e, F f) noexcept {
                const bool gave_up = (e.capture_complete && f.retransmitted) || f.timer_expired;
                return e.left_in_vain && e.standing == Standing::kEnded && gave_up &&
                       !f.ended_by_rst_in && !f.ended_by_rst_out;
              }},
    FinalRule{"final-client-left-in-vain", Fate::kAckStalled,
              "The client left after data had been sent again and again without reaching it, and "
              "that ended it before the kernel had given up.",
              [](E e, F) noexcept { return e.left_in_vain; }},
    FinalRule{"final-request-was-sent", Fate::kRequestTimeout,
              "Not one byte of the request could be read, and packets or counters show that the "
              "client had sent some of it.",
              [](E e, F f) noexcept {
                return e.subject.first == Fate::kNoRequest && f.request_lost &&
                       !e.wire.data_in_after_fin_out;
              }},
    FinalRule{"final-as-logged", std::nullopt,
              "What the access log said stands: the response was already over, or given up, when "
              "it was logged.",
              [](E e, F) noexcept { return e.subject.first && stands(*e.subject.first); }},
    FinalRule{"final-all-acked", Fate::kDelivered, "The peer's TCP acknowledged every byte.",
              [](E, F f) noexcept { return f.all_acked; }},
    FinalRule{"final-not-yet", Fate::kPending,
              "The connection lives, and not every byte is acknowledged yet.",
              [](E e, F) noexcept { return e.standing == Standing::kLive; }},
    FinalRule{"final-wiped", Fate::kUnknown,
              "The server closed with SO_LINGER 0, and the kernel wiped the counters that say what "
              "had been acknowledged.",
              [](E e, F) noexcept { return e.standing == Standing::kWiped; }},
    FinalRule{"final-fin-then-rst", Fate::kBrokenPipe,
              "The client's FIN arrived first, then a RST ended the connection before everything "
              "was acknowledged.",
              [](E, F f) noexcept { return f.ended_by_rst_in && f.fin_in_first; }},
    FinalRule{"final-rst", Fate::kRstReceived,
              "A captured RST, with no FIN before it, ended the connection before everything was "
              "acknowledged.",
              [](E, F f) noexcept { return f.ended_by_rst_in; }},
    FinalRule{"final-rst-out", Fate::kServerAbort,
              "This host's own RST ended the connection before everything was acknowledged.",
              [](E, F f) noexcept { return f.ended_by_rst_out; }},
    FinalRule{"final-unread-request", Fate::kServerAbort,
              "The server closed without having read everything the client had sent; its kernel "
              "answers that with a RST and drops what was not yet acknowledged.",
              [](E e, F) noexcept { return e.socket->has_unread_data(); }},
    FinalRule{"final-closed-then-refused", Fate::kServerAbort,
              "This host had closed before everything was acknowledged, and its kernel answered "
              "what the client sent after that with a RST.",
              [](E e, F) noexcept { return e.wire.data_in_after_fin_out && e.wire.rst_out; }},
    FinalRule{"final-icmp", Fate::kUnreachable,
              "The kernel gave up sending again, and an ICMP error about this connection had "
              "arrived.",
              [](E e, F f) noexcept {
                return has_refusal(e) && (f.retransmitted || f.probing_unanswered);
              }},
    FinalRule{"final-silence", Fate::kAckTimeout,
              "The kernel gave up: what it sent again went unanswered, and no RST was captured.",
              [](E e, F f) noexcept {
                return e.capture_complete && (f.retransmitted || f.probing_unanswered);
              }},
    FinalRule{"final-timer-ran-out", Fate::kAckTimeout,
              "The connection ended exactly when its retransmission timer ran out.",
              [](E, F f) noexcept { return f.timer_expired; }},
    FinalRule{"final-while-probing", Fate::kUnknown,
              "The connection ended while window probes went unanswered; without packets, a RST "
              "and a timeout leave the same counters.",
              [](E, F f) noexcept { return f.probing_unanswered; }},
    FinalRule{"final-end-not-captured", Fate::kUnknown,
              "The connection ended before everything was acknowledged, no timer had run out, and "
              "the capture, which lost nothing, holds no RST that can have ended it.",
              [](E e, F) noexcept { return e.capture_complete; }},
    FinalRule{"final-fin-then-rst-inferred", Fate::kBrokenPipe,
              "The client's FIN came first; the connection ended before everything was "
              "acknowledged with no timer running out, which leaves a RST.",
              [](E, F f) noexcept { return f.fin_in_first; }},
    FinalRule{"final-rst-inferred", Fate::kRstReceived,
              "The connection ended before everything was acknowledged with no timer running out, "
              "which leaves a RST; none could be captured.",
              [](E, F) noexcept { return true; }},
};

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
  f.timer_expired = !s.is_live() && s.retransmits > 0 && s.last_data_sent + kTimerGrain >= s.rto;
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

/// Both sides finished in order, or nothing says that they did not.
Close orderly_close(E e, F f) noexcept {
  if (e.wire.fin_out && !before(e.wire.fin_in, e.wire.fin_out)) return Close::kLocal;
  if (e.wire.fin_in || f.fin_in_first) return Close::kFin;
  return e.subject.first_close == Close::kOpen ? Close::kUnknown : e.subject.first_close;
}

Close close_of(E e, F f) noexcept {
  if (e.standing == Standing::kLive) return e.subject.first_close;
  if (f.ended_by_rst_in) return Close::kRst;
  if (f.ended_by_rst_out || e.standing == Standing::kWiped) return Close::kLocal;
  if (f.all_acked) return orderly_close(e, f);
  if (has_refusal(e) && f.retransmitted) return Close::kIcmp;
  if (f.timer_expired || (e.capture_complete && f.retransmitted)) return Close::kTimeout;
  return orderly_close(e, f);
}

/// A RST with an ACK acknowledges like any packet, though the kernel that it ends takes no notice
/// (tcp_validate_incoming(), net/ipv4/tcp_input.c, 6.1). Anybody can put a number into a RST: it
/// counts when the client itself sent it, with more than one sign for that.
bool is_acknowledged_by_reset(const FinalVerdict& verdict, E e, const Attribution& a) noexcept {
  const bool own = a.rst_from == RstFrom::kClient && a.confidence >= Confidence::kStrong &&
                   !a.client_went_on && !a.path_proven_alive;
  const bool reset = verdict.fate == Fate::kRstReceived || verdict.fate == Fate::kBrokenPipe;
  const bool whole = e.subject.complete || !e.subject.first || *e.subject.first == Fate::kPending;
  return reset && own && whole && e.subject.end && e.wire.rst_acked >= e.subject.end;
}

/// A verdict that infers a RST says so in `close`, too.
Close close_of(const FinalRule& rule, E e, F f) noexcept {
  if (rule.id == "final-rst-inferred" || rule.id == "final-fin-then-rst-inferred") {
    return Close::kRst;
  }
  if (rule.id == "final-unread-request") return Close::kLocal;
  if (rule.id == "final-as-logged" && e.subject.first_close != Close::kOpen) {
    return e.subject.first_close;
  }
  return close_of(e, f);
}

}  // namespace

std::span<const FinalRule> final_rules() noexcept {
  return kRules;
}

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

FinalVerdict judge(const FinalEvidence& e) noexcept {
  const FinalFindings f = derive(e);
  for (const FinalRule& rule : kRules) {
    if (!rule.applies(e, f)) continue;
    const Fate fate = rule.fate ? *rule.fate : *e.subject.first;
    const By by = rule.fate ? usual_by(fate) : e.subject.first_by;
    return {fate, by, close_of(rule, e, f), &rule};
  }
  return {};  // unreachable: the last rule applies to everything
}

FinalVerdict redress(const FinalVerdict& verdict, FinalEvidence evidence,
                     const Attribution& attribution) noexcept {
  evidence.reset_acknowledged = is_acknowledged_by_reset(verdict, evidence, attribution);
  if (evidence.reset_acknowledged) return judge(evidence);
  const bool left = verdict.fate == Fate::kClientAbort || verdict.fate == Fate::kBrokenPipe;
  const bool in_vain = attribution.path_proven_alive || attribution.waited_in_vain;
  if (!left || !in_vain) return verdict;
  evidence.left_in_vain = true;
  return judge(evidence);
}

By attributed_by(Fate fate, By usual, const Attribution& attribution) noexcept {
  const bool rst = fate == Fate::kRstReceived;
  if (rst && (attribution.rst_from == RstFrom::kPath || attribution.client_went_on)) {
    return By::kPath;
  }
  const bool by_client = rst && attribution.rst_from == RstFrom::kClient;
  const bool silent =
      fate == Fate::kAckTimeout || fate == Fate::kAckStalled || fate == Fate::kUnreachable;
  if ((by_client || silent) && attribution.path_proven_alive) return By::kPath;
  if (silent && attribution.refused_on_path) return By::kPath;
  if (by_client && attribution.waited_in_vain) return By::kPeer;
  return by_client ? By::kClient : usual;
}

}  // namespace connfate::witness

// SPDX-License-Identifier: Apache-2.0
// The ordered table of final rules. What the server alone knew at log time stands; then full
// delivery, which nothing later undoes; then what ended the connection, this host first.
#include "witness/verdict/final_verdict.hpp"

#include <array>

namespace connfate::witness {
namespace {

using E = const FinalEvidence&;
using F = const FinalFindings&;

/// The log-time fate was not about the acknowledgement: no later acknowledgement changes it.
bool stands(Fate first) noexcept {
  return first != Fate::kPending && first != Fate::kDelivered;
}

/// An ICMP error after which a kernel gives up, where nothing is acknowledged either.
bool has_refusal(E e) noexcept {
  return e.wire.icmp && !e.wire.icmp->is_about_size();
}

bool is_own(E e, F f) noexcept {
  return e.standing != Standing::kLive && !f.all_acked &&
         (!e.subject.first || may_be_own_fault(*e.subject.first));
}

constexpr std::array kRules{
    FinalRule{"final-not-verified", Fate::kUnknown,
              "The kernel knows no such socket: what the server reported of it cannot be verified.",
              [](E e, F) noexcept { return e.standing == Standing::kNotFound; }, By::kUnknown},
    FinalRule{"final-acknowledged-by-reset", Fate::kDelivered,
              "The client reset the connection with a RST that acknowledges every byte.",
              [](E e, F) noexcept { return e.reset_acknowledged; }},
    FinalRule{
        "final-blocked-here", Fate::kBlockedHere,
        "This host itself kept the missing bytes from the wire, reset the connection, or kept "
        "the client's packets from its TCP; whoever gave up did so for that.",
        [](E e, F f) noexcept {
          return is_own(e, f) && e.own.is_to_blame() && !e.own.link_silent;
        }},
    FinalRule{"final-next-hop-silent", Fate::kUnreachable,
              "Nothing left this host's link: the next hop did not answer, or there was no route.",
              [](E e, F f) noexcept { return is_own(e, f) && e.own.link_silent; }, By::kServer},
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
    FinalRule{
        "final-stalled-or-cut-off", Fate::kUnknown,
        "The server's timer ended the stream while the client let no more of it out, and "
        "nothing that this host sent after that was acknowledged: a client that does not read "
        "and a path that had gone silent before look the same.",
        [](E e, F f) noexcept {
          return e.subject.stream_window_closed && e.standing == Standing::kEnded &&
                 f.retransmitted && f.acked.value_or(Bytes{}) <= e.subject.end.value_or(Bytes{});
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

FinalVerdict judge(const FinalEvidence& e) noexcept {
  const FinalFindings f = derive(e);
  for (const FinalRule& rule : kRules) {
    if (!rule.applies(e, f)) continue;
    const Fate fate = rule.fate ? *rule.fate : *e.subject.first;
    const By by = rule.by.value_or(rule.fate ? usual_by(fate) : e.subject.first_by);
    return {fate, by, close_of(rule, e, f), &rule};
  }
  return {};  // unreachable: the last rule applies to everything
}

bool names_this_host(const FinalVerdict& verdict) noexcept {
  const std::string_view id = verdict.rule != nullptr ? verdict.rule->id : std::string_view{};
  return id == "final-blocked-here" || id == "final-next-hop-silent";
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

bool is_silence(Fate fate) noexcept {
  return fate == Fate::kAckTimeout || fate == Fate::kAckStalled || fate == Fate::kUnreachable;
}

By attributed_by(Fate fate, By usual, const Attribution& attribution) noexcept {
  const bool rst = fate == Fate::kRstReceived;
  if (rst && (attribution.rst_from == RstFrom::kPath || attribution.client_went_on)) {
    return By::kPath;
  }
  const bool by_client = rst && attribution.rst_from == RstFrom::kClient;
  if ((by_client || is_silence(fate)) && attribution.path_proven_alive) return By::kPath;
  if (is_silence(fate) && attribution.refused_on_path) return By::kPath;
  if (by_client && attribution.waited_in_vain) return By::kPeer;
  return by_client ? By::kClient : usual;
}

}  // namespace connfate::witness

// SPDX-License-Identifier: Apache-2.0
// The ordered table. Order matters and is the design: what cannot be looked at, then what the
// server alone knows, then full delivery (which no later RST can undo), then what this host kept
// from the wire, then how a dead connection died, then the server's own timers, then who left
// early, then what is still under way.
#include "connfate/rules.hpp"

#include <array>
#include <utility>

namespace connfate {
namespace {

using E = const Evidence&;
using F = const Findings&;

constexpr std::array kRules{
    Rule{"quic", Fate::kUnknown,
         "The response went over QUIC, whose acknowledgements never reach the kernel.",
         [](E e, F) noexcept { return e.view.transport == Transport::kQuic; }},
    Rule{"not-tcp", Fate::kUnknown,
         "The connection is not TCP (a unix-domain socket), so nothing is acknowledged.",
         [](E e, F) noexcept { return e.view.transport == Transport::kOther; }},
    Rule{"closed-here", Fate::kServerAbort,
         "The server had closed the socket of a response that was not complete before it wrote its "
         "line.",
         [](E e, F) noexcept { return !e.snapshot && e.view.closed_here && !e.view.complete; }},
    Rule{"no-tcp-info", Fate::kUnknown, "The kernel gave no TCP_INFO for the connection.",
         [](E e, F) noexcept { return !e.snapshot; }},

    Rule{"request-left-unread", Fate::kServerTimeout,
         "The server's timer ended the wait for the request while more of it had arrived and lain "
         "unread on this host.",
         [](E e, F f) noexcept { return e.view.request_timed_out && f.request_unread; }},
    Rule{"request-unread-or-late", Fate::kUnknown,
         "The server's timer ended the wait for the request while more of it was at hand on this "
         "host: it came at the last moment, or the server had begun to read again.",
         [](E e, F f) noexcept { return e.view.request_timed_out && f.request_at_hand; }},
    Rule{"no-request-byte", Fate::kNoRequest,
         "The server's timer ended the wait for a request of which not one byte had arrived.",
         [](E e, F f) noexcept { return e.view.request_timed_out && f.no_request_byte; }},
    Rule{"request-never-complete", Fate::kRequestTimeout,
         "The request never arrived completely and the server's timer ended the wait.",
         [](E e, F) noexcept { return e.view.request_timed_out; }},
    Rule{"refused-here-then-cancelled", Fate::kBlockedHere,
         "This host itself refused to send what was missing of the response (its firewall, a route "
         "or a queue) when the client cancelled the HTTP/2 stream.",
         [](E e, F f) noexcept { return e.view.stream_reset && f.kept_here && !f.dead; }},
    Rule{"stream-cancelled", Fate::kStreamReset,
         "The client reset this HTTP/2 stream while the connection lived on.",
         [](E e, F f) noexcept { return e.view.stream_reset && !f.dead; }},
    Rule{
        "reset-here", Fate::kServerAbort,
        "The server itself reset this HTTP/2 stream, or ended the connection with a GOAWAY, before "
        "the response was complete.",
        [](E e, F) noexcept { return e.view.reset_here && !e.view.complete; }},

    Rule{"all-acked", Fate::kDelivered,
         "The server handed over the whole response and the peer's TCP acknowledged every byte.",
         [](E e, F f) noexcept { return e.view.complete && f.all_acked; }},
    Rule{"tunnel-closed", Fate::kDelivered,
         "The client closed the tunnel (a FIN, or TLS's close_notify), and had acknowledged every "
         "byte sent into it.",
         [](E e, F f) noexcept {
           const bool closed = f.fin_received || (e.view.peer_closed && e.view.goodbye_seen);
           return e.view.tunnel && closed && f.all_acked && !f.dead;
         }},

    Rule{"end-hidden", Fate::kUnknown,
         "The server was done with the response, and nothing tells whether it had sent the end of "
         "it: a reload that failed has taken connfate's filters out of the server's chain.",
         [](E e, F) noexcept { return e.view.end_hidden && !e.view.complete; }},
    Rule{"acks-unknown", Fate::kUnknown,
         "The kernel is too old to say whether the response was acknowledged.",
         [](E e, F f) noexcept { return e.view.complete && !f.acks_known; }},

    Rule{"killed-here", Fate::kServerAbort,
         "The socket was destroyed on this host (ECONNABORTED, as by ss -K).",
         [](E, F f) noexcept { return f.error == ErrorKind::kLocalKill; }},
    Rule{"refused-here", Fate::kBlockedHere,
         "This host itself refused to send what was missing of the response (its firewall, a route "
         "or a queue), and nothing of it was on its way when the connection ended, or was given "
         "up.",
         [](E e, F f) noexcept {
           const bool said_goodbye = f.fin_received || e.view.goodbye_seen;
           const bool left = e.view.peer_closed && said_goodbye && !e.view.complete;
           return f.kept_here && (f.dead || e.view.timed_out || left);
         }},
    Rule{
        "next-hop-silent", Fate::kUnreachable,
        "The kernel gave up, and had not even been able to repeat the data each time: it still lay "
        "in a queue of this host, whose next hop did not answer, or there was no route.",
        [](E, F f) noexcept {
          return f.stuck_here && (f.error == ErrorKind::kIcmp || f.backoff_reverted);
        },
        By::kServer},
    Rule{"user-timeout-window-closed", Fate::kClientStalled,
         "This host's TCP_USER_TIMEOUT ended it while the client answered with a closed window.",
         [](E e, F f) noexcept {
           return f.error == ErrorKind::kTimeout && f.window_closed && !f.probing_unanswered &&
                  e.snapshot->retransmits == 0;
         }},
    Rule{"unanswered-until-timeout", Fate::kAckTimeout,
         "The kernel gave up (ETIMEDOUT): what it sent again, data or probes, went unanswered.",
         [](E, F f) noexcept { return f.error == ErrorKind::kTimeout; }},
    Rule{"icmp-then-timeout", Fate::kUnreachable,
         "The kernel gave up, and an ICMP error about this connection had arrived before.",
         [](E, F f) noexcept { return f.error == ErrorKind::kIcmp; }},
    Rule{"rst-before-ack", Fate::kRstReceived,
         "A RST with no FIN before it (ECONNRESET) ended the connection.",
         [](E, F f) noexcept { return f.error == ErrorKind::kReset && !f.fin_received; }},
    Rule{"fin-then-rst", Fate::kBrokenPipe,
         "The client's FIN arrived first, then a RST ended the connection.",
         [](E, F f) noexcept { return f.dead && f.fin_received; }},
    Rule{"backoff-reverted-then-timeout", Fate::kUnreachable,
         "The retransmission timer ran out after more time than back-off allows without ICMP "
         "unreachable messages undoing it; the errno was consumed by the server.",
         [](E, F f) noexcept { return f.backoff_reverted; }},
    Rule{"timer-ran-out", Fate::kAckTimeout,
         "The connection died exactly when its retransmission timer ran out; the errno was "
         "consumed by the server.",
         [](E, F f) noexcept { return f.timer_expired; }},
    Rule{"error-consumed-while-probing", Fate::kUnknown,
         "The connection died while window probes went unanswered; the errno that tells a RST from "
         "a timeout was consumed by the server.",
         [](E, F f) noexcept { return f.error_consumed && f.probing_unanswered; }},
    Rule{
        "rst-no-fin", Fate::kRstReceived,
        "The connection died with no timer running out: a RST, and the received bytes show no FIN.",
        [](E, F f) noexcept { return f.dead && f.fin_excluded; }},
    Rule{"rst-after-epipe", Fate::kRstReceived,
         "A write got EPIPE: a RST had come, either after a FIN that nobody saw or after somebody "
         "else had consumed its errno.",
         [](E, F f) noexcept { return f.error == ErrorKind::kPipe; }},
    Rule{"rst-errno-consumed", Fate::kRstReceived,
         "The connection died with no timer running out: a RST. Nobody saw a FIN before it, but "
         "the errno that would exclude one was consumed by the server.",
         [](E, F f) noexcept { return f.dead; }},

    Rule{"not-ended", Fate::kUnknown,
         "The server was still at work on the response when a field was asked for.",
         [](E e, F) noexcept { return !e.view.ended && !e.view.complete; }},

    Rule{"window-closed", Fate::kClientStalled,
         "The server's timer ended it while data waited for the client's closed receive window.",
         [](E e, F f) noexcept {
           return e.view.timed_out && f.window_closed && !f.probing_unanswered && !f.retransmitting;
         }},
    Rule{"retransmitting", Fate::kAckStalled,
         "The server's timer ended it while data was sent again and again without acknowledgement.",
         [](E e, F f) noexcept {
           return e.view.timed_out && (f.retransmitting || f.probing_unanswered);
         }},
    Rule{"stream-window-closed", Fate::kClientStalled,
         "The server's timer ended the HTTP/2 stream: nothing waited in the kernel, but the "
         "client's "
         "flow-control window let no more out.",
         [](E e, F f) noexcept {
           return e.view.timed_out && e.view.shared_stream && f.nothing_waits && !e.view.complete;
         }},
    Rule{"window-limited", Fate::kClientStalled,
         "The server's timer ended it after the sender had mostly waited for the client's window.",
         [](E e, F f) noexcept { return e.view.timed_out && f.window_limited && !f.all_acked; }},
    Rule{"held-back-here", Fate::kServerTimeout,
         "The server's timer ended it while this host held data back although the client's window "
         "was open.",
         [](E e, F f) noexcept { return e.view.timed_out && f.held_back_here; }},
    Rule{"tunnel-timed-out", Fate::kServerTimeout,
         "The server's timer cut the tunnel; on the way to the client nothing was stuck.",
         [](E e, F) noexcept { return e.view.timed_out && e.view.tunnel; }},
    Rule{"recovered-too-late", Fate::kAckStalled,
         "The server's timer ended it just after acknowledgements had come back: most of the time "
         "had been spent in retransmission timeouts.",
         [](E e, F f) noexcept { return e.view.timed_out && f.recovered_late; }},
    Rule{"acks-advancing", Fate::kServerTimeout,
         "The server's timer ended it, and nothing was stuck then: no closed window, no "
         "retransmission under way.",
         [](E e, F) noexcept { return e.view.timed_out; }},

    Rule{
        "client-closed", Fate::kClientAbort,
        "The client closed with a FIN before the response was complete, and the server gave up.",
        [](E e, F f) noexcept { return e.view.peer_closed && f.fin_received && !e.view.complete; }},
    Rule{"client-said-goodbye", Fate::kClientAbort,
         "The client ended its TLS session (close_notify or a fatal alert) before the response was "
         "complete, and the "
         "server gave up.",
         [](E e, F) noexcept {
           return e.view.peer_closed && e.view.goodbye_seen && !e.view.complete;
         }},
    Rule{"ended-early", Fate::kServerAbort,
         "The server ended the response early while the connection was alive.",
         [](E e, F) noexcept { return !e.view.complete; }},

    Rule{"being-written", Fate::kPending,
         "The whole response was produced and nothing has failed; the server was writing its last "
         "bytes when it logged the line.",
         [](E e, F f) noexcept { return e.view.complete && e.view.end_ahead && !f.dead; }},
    Rule{"in-flight", Fate::kPending,
         "Everything was handed to the kernel and nothing has failed; not every byte is "
         "acknowledged yet.",
         [](E e, F f) noexcept { return e.view.complete && !f.dead; }},
    Rule{"no-rule", Fate::kUnknown, "No rule covers this evidence.",
         [](E, F) noexcept { return true; }},
};

/// The first that applies. Written out for each rule at compile time, so that no condition is a
/// call through a pointer; the last rule applies to everything.
template <std::size_t... kIndex>
const Rule& decide(E evidence, F findings, std::index_sequence<kIndex...>) noexcept {
  const Rule* first = &kRules.back();
  const auto applies = [&](const Rule& rule) noexcept {
    first = &rule;
    return rule.applies(evidence, findings);
  };
  (applies(kRules[kIndex]) || ...);
  return *first;
}

}  // namespace

std::span<const Rule> rules() noexcept {
  return kRules;
}

Verdict classify(const Evidence& evidence) noexcept {
  const Findings findings = derive(evidence);
  const Rule& rule = decide(evidence, findings, std::make_index_sequence<kRules.size()>{});
  return {rule.fate, rule.by.value_or(usual_by(rule.fate)), findings.phase, findings.close, &rule};
}

}  // namespace connfate

// SPDX-License-Identifier: Apache-2.0
#include "witness/verdict/connection_verdict.hpp"

#include <array>
#include <chrono>

namespace connfate::witness {
namespace {

using E = const FinalEvidence&;
using F = const FinalFindings&;

bool received_anything(E e) noexcept {
  return e.socket && e.socket->snapshot &&
         e.socket->snapshot->bytes_received.value_or(Bytes{}) > Bytes{1};  // 1: a bare FIN
}

/// Sooner than any timer of a server ends.
constexpr std::chrono::milliseconds kAtOnce{100};

bool closed_at_once(E e) noexcept {
  return e.wire.closed_after && *e.wire.closed_after < kAtOnce &&
         !(e.wire.fin_in && *e.wire.fin_in < *e.wire.fin_out);
}

constexpr std::array kRules{
    ConnectionRule{
        "conn-blocked-here", Fate::kBlockedHere,
        "This host itself kept what the server sent before any request (a TLS handshake) "
        "from the wire, reset the connection, or kept the client's packets from its TCP.",
        [](E e, F f) noexcept { return !f.all_acked && e.own.is_to_blame(); }},
    ConnectionRule{"conn-data-after-fin", Fate::kServerAbort,
                   "The client's data arrived after this server had closed; whatever request it "
                   "held was answered with a RST.",
                   [](E e, F) noexcept { return e.wire.data_in_after_fin_out.has_value(); }},
    ConnectionRule{"conn-request-lost", Fate::kRequestTimeout,
                   "Not one byte of the client could be read, and packets or counters show that it "
                   "had sent some.",
                   [](E e, F f) noexcept { return f.request_lost && !received_anything(e); }},
    ConnectionRule{"conn-no-request-byte", Fate::kNoRequest,
                   "The connection ended, and the client had not sent one byte.",
                   [](E, F f) noexcept { return f.no_request_byte; }},
    ConnectionRule{"conn-only-handshake", Fate::kNoRequest,
                   "The TLS handshake was finished, and the client sent nothing behind it.",
                   [](E e, F f) noexcept {
                     const bool refused = closed_at_once(e) || f.ended_by_rst_out;
                     return f.only_handshake && f.all_acked && !refused;
                   }},
    ConnectionRule{"conn-rst-before-request", Fate::kRstReceived,
                   "A captured RST ended the connection before any request was logged.",
                   [](E, F f) noexcept { return f.ended_by_rst_in; }},
    ConnectionRule{"conn-rst-out", Fate::kServerAbort,
                   "This host's own RST ended the connection before any request was logged.",
                   [](E, F f) noexcept { return f.ended_by_rst_out; }},
    ConnectionRule{"conn-unread", Fate::kServerAbort,
                   "The server closed without having read everything the client had sent, and "
                   "logged no request.",
                   [](E e, F) noexcept {
                     return e.standing == Standing::kEnded && e.socket->has_unread_data();
                   }},
    ConnectionRule{"conn-ack-timeout", Fate::kAckTimeout,
                   "What the server sent before any request (a TLS handshake) was sent again and "
                   "never acknowledged.",
                   [](E, F f) noexcept { return !f.all_acked && f.retransmitted; }},
    ConnectionRule{"conn-refused", Fate::kServerAbort,
                   "The server answered what the client sent with something and closed at once, as "
                   "when it refuses a TLS handshake; it logged no request.",
                   [](E e, F) noexcept {
                     return received_anything(e) && e.subject.end.value_or(Bytes{}) > Bytes{} &&
                            closed_at_once(e);
                   }},
    ConnectionRule{"conn-server-closed", Fate::kUnknown,
                   "The client sent something, no request was logged, and the server closed first: "
                   "its timer ran out before the request was whole, or its process died.",
                   [](E e, F) noexcept {
                     return received_anything(e) && e.wire.fin_out &&
                            !(e.wire.fin_in && *e.wire.fin_in < *e.wire.fin_out);
                   }},
    ConnectionRule{"conn-client-closed", Fate::kClientAbort,
                   "The client closed with a FIN before any whole request.",
                   [](E e, F) noexcept {
                     return e.wire.fin_in && !(e.wire.fin_out && *e.wire.fin_out < *e.wire.fin_in);
                   }},
    ConnectionRule{"conn-no-request", Fate::kUnknown,
                   "The connection ended without any request; nothing tells who closed it.",
                   [](E, F) noexcept { return true; }},
};

Close close_of(E e, F f) noexcept {
  if (f.ended_by_rst_in) return Close::kRst;
  if (f.ended_by_rst_out || e.standing == Standing::kWiped) return Close::kLocal;
  if (f.timer_expired && !f.all_acked) return Close::kTimeout;
  const bool ours_first = e.wire.fin_out && !(e.wire.fin_in && *e.wire.fin_in < *e.wire.fin_out);
  if (ours_first) return Close::kLocal;
  return e.wire.fin_in ? Close::kFin : Close::kUnknown;
}

}  // namespace

std::span<const ConnectionRule> connection_rules() noexcept {
  return kRules;
}

ConnectionVerdict judge_connection(const FinalEvidence& e) noexcept {
  const FinalFindings f = derive(e);
  for (const ConnectionRule& rule : kRules) {
    if (rule.applies(e, f)) return {rule.fate, usual_by(rule.fate), close_of(e, f), &rule};
  }
  return {};  // unreachable: the last rule applies to everything
}

}  // namespace connfate::witness

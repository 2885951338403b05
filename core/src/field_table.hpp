// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides kFields, the field table itself, with the functions that write each value. Used by
// field.cpp, which shows it to everybody, and by bundle.cpp, which writes all of it in one go.
// Surprising: the table is a constant in a header, so that the bundle's writer sees which function
// follows which: it has no loop, no indirect call and no key that is measured at run time.

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "connfate/field.hpp"
#include "connfate/host_identity.hpp"
#include "connfate/reset_code.hpp"

namespace connfate::table {

using O = const Observation&;
using W = CharWriter&;

inline bool put(std::string_view token, W out) noexcept {
  if (token == "-") return false;
  out.text(token);
  return true;
}

inline bool put(std::optional<std::uint64_t> value, W out) noexcept {
  if (value) out.decimal(*value);
  return value.has_value();
}

inline bool put(std::optional<Bytes> bytes, W out) noexcept {
  return put(bytes ? std::optional(bytes->value) : std::nullopt, out);
}

template <typename Unit>
bool put_duration(std::optional<TcpSnapshot::Microseconds> value, W out) noexcept {
  if (!value) return false;
  return put(static_cast<std::uint64_t>(std::chrono::duration_cast<Unit>(*value).count()), out);
}

using Ms = TcpSnapshot::Milliseconds;
using Us = TcpSnapshot::Microseconds;

/// A measured round-trip time is never zero; zero means "no sample yet".
inline bool put_rtt(O o, Us TcpSnapshot::*member, W out) noexcept {
  const auto& s = o.evidence.snapshot;
  if (!s || s->rtt == Us{}) return false;
  return put_duration<Us>((*s).*member, out);
}

template <typename T>
std::optional<T> of_snapshot(O o, std::optional<T> TcpSnapshot::*member) noexcept {
  return o.evidence.snapshot ? (*o.evidence.snapshot).*member : std::nullopt;
}

inline bool write_err(O o, W out) noexcept {
  return o.evidence.error && put(errno_symbol(o.evidence.error->code), out);
}
inline bool write_err_on(O o, W out) noexcept {
  return o.evidence.error && put(to_token(o.evidence.error->operation), out);
}
inline bool write_tcp_state(O o, W out) noexcept {
  return o.evidence.snapshot && put(to_token(o.evidence.snapshot->state), out);
}
inline bool write_refused(O o, W out) noexcept {
  const auto& refused = o.evidence.refused;
  return refused && *refused > Bytes{} && put(refused, out);
}
inline bool write_retrans(O o, W out) noexcept {
  return o.retrans && put(std::uint64_t{o.retrans->value}, out);
}
inline bool write_backoff(O o, W out) noexcept {
  const auto& s = o.evidence.snapshot;
  return s && s->is_live() && put(std::uint64_t{s->backoff}, out);
}
inline bool write_silence(O o, W out) noexcept {
  return o.evidence.snapshot && put_duration<Ms>(o.evidence.snapshot->silence(), out);
}
inline bool write_cwnd(O o, W out) noexcept {
  return o.evidence.snapshot && put(std::uint64_t{o.evidence.snapshot->cwnd.value}, out);
}
inline bool write_cookie(O o, W out) noexcept {
  if (o.cookie) out.hex16(*o.cookie);
  return o.cookie.has_value();
}
inline bool write_ttl(O o, W out) noexcept {
  return o.ttl && put(std::uint64_t{*o.ttl}, out);
}
inline bool write_reset_code(O o, W out) noexcept {
  if (o.evidence.view.reset_code) write_reset_code(*o.evidence.view.reset_code, out);
  return o.evidence.view.reset_code.has_value();
}
inline bool write_transport(O o, W out) noexcept {
  switch (o.evidence.view.transport) {
    case Transport::kTcp: return put("tcp", out);
    case Transport::kQuic: return put("quic", out);
    case Transport::kOther: break;
  }
  return false;
}
inline bool write_node(O o, W out) noexcept {
  return o.host != nullptr && !o.host->node().empty() && put(o.host->node(), out);
}
inline bool write_boot(O o, W out) noexcept {
  const auto boot = o.host != nullptr ? o.host->boot() : std::nullopt;
  if (boot) out.hex8(*boot);
  return boot.has_value();
}
inline bool write_rule(O o, W out) noexcept {
  return o.verdict.rule != nullptr && put(o.verdict.rule->id, out);
}

inline constexpr Needs kSnap = Needs::kSnapshot;

inline constexpr std::array<Field, kFieldCount> kFields{{
    {FieldId::kFate, "fate", "token", "what became of the response", kSnap,
     [](O o, W out) noexcept { return put(to_token(o.verdict.fate), out); }},
    {FieldId::kBy, "by", "token",
     "who ended it: client, path, peer (client or path), server, unknown", kSnap,
     [](O o, W out) noexcept { return put(to_token(o.verdict.by), out); }},
    {FieldId::kPhase, "phase", "token",
     "how far the request had come: request, waiting, sending, drained", kSnap,
     [](O o, W out) noexcept { return put(to_token(o.verdict.phase), out); }},
    {FieldId::kClose, "close", "token",
     "how the connection stood: open, fin, rst, timeout, icmp, local", kSnap,
     [](O o, W out) noexcept { return put(to_token(o.verdict.close), out); }},
    {FieldId::kErr, "err", "errno symbol", "first error the server's own read or write got", kSnap,
     write_err},
    {FieldId::kErrOn, "err_on", "token", "which call got it: read or write", kSnap, write_err_on},
    {FieldId::kTcpState, "tcp_state", "symbol", "state of the socket, as the kernel names it",
     kSnap, write_tcp_state},
    {FieldId::kWritten, "written", "bytes",
     "of this response, accepted by the kernel, TLS and HTTP/2 framing included", kSnap,
     [](O o, W out) noexcept { return put(o.written, out); }},
    {FieldId::kAcked, "acked", "bytes", "of those, acknowledged by the peer's TCP", kSnap,
     [](O o, W out) noexcept { return put(o.acked, out); }},
    {FieldId::kUnacked, "unacked", "bytes", "written - acked", kSnap,
     [](O o, W out) noexcept { return put(o.unacked, out); }},
    {FieldId::kNotsent, "notsent", "bytes", "of those, never put on the wire", kSnap,
     [](O o, W out) noexcept { return put(o.notsent, out); }},
    {FieldId::kRefused, "refused", "bytes",
     "that TCP wanted to send and this host did not let out, each attempt counted", kSnap,
     write_refused},
    {FieldId::kStart, "start", "bytes", "where the response begins in the connection's byte stream",
     kSnap, [](O o, W out) noexcept { return put(o.evidence.start, out); }},
    {FieldId::kEnd, "end", "bytes", "where it ends", kSnap,
     [](O o, W out) noexcept { return put(o.evidence.end, out); }},
    {FieldId::kRetrans, "retrans", "segments", "retransmitted while this response was on its way",
     kSnap, write_retrans},
    {FieldId::kBackoff, "backoff", "count", "consecutive retransmission or probe back-offs now",
     kSnap, write_backoff},
    {FieldId::kSilenceMs, "silence_ms", "ms",
     "since the peer was last heard (a RST does not count)", kSnap, write_silence},
    {FieldId::kRttUs, "rtt_us", "us", "smoothed round-trip time", kSnap,
     [](O o, W out) noexcept { return put_rtt(o, &TcpSnapshot::rtt, out); }},
    {FieldId::kRttvarUs, "rttvar_us", "us", "its mean deviation", kSnap,
     [](O o, W out) noexcept { return put_rtt(o, &TcpSnapshot::rttvar, out); }},
    {FieldId::kMinRttUs, "min_rtt_us", "us", "smallest round-trip time seen", kSnap,
     [](O o, W out) noexcept {
       return put_duration<Us>(of_snapshot(o, &TcpSnapshot::min_rtt), out);
     }},
    {FieldId::kSndWnd, "snd_wnd", "bytes", "the peer's receive window", kSnap,
     [](O o, W out) noexcept { return put(of_snapshot(o, &TcpSnapshot::snd_wnd), out); }},
    {FieldId::kCwnd, "cwnd", "segments", "congestion window", kSnap, write_cwnd},
    {FieldId::kRwndLimitedMs, "rwnd_limited_ms", "ms",
     "the sender waited for the peer's receive window", kSnap,
     [](O o, W out) noexcept { return put_duration<Ms>(o.rwnd_limited, out); }},
    {FieldId::kSndbufLimitedMs, "sndbuf_limited_ms", "ms",
     "the sender waited for room in its own send buffer", kSnap,
     [](O o, W out) noexcept { return put_duration<Ms>(o.sndbuf_limited, out); }},
    {FieldId::kBusyMs, "busy_ms", "ms", "the sender had data outstanding", kSnap,
     [](O o, W out) noexcept { return put_duration<Ms>(o.busy, out); }},
    {FieldId::kDeliveryRate, "delivery_rate", "bytes/s", "the kernel's most recent measurement",
     kSnap,
     [](O o, W out) noexcept { return put(of_snapshot(o, &TcpSnapshot::delivery_rate), out); }},
    {FieldId::kTtl, "ttl", "hops byte", "TTL (hop limit) of the client's handshake packet",
     Needs::kTtl, write_ttl},
    {FieldId::kCookie, "cookie", "16 hex digits",
     "the kernel's SO_COOKIE of the socket: the key to the final verdict", Needs::kCookie,
     write_cookie},
    {FieldId::kTransport, "transport", "token", "what carried it: tcp or quic", kSnap,
     write_transport},
    {FieldId::kResetCode, "reset_code", "symbol",
     "HTTP/2 error code of the reset or goodbye that ended the response, whoever sent it", kSnap,
     write_reset_code},
    {FieldId::kNode, "node", "text", "the host whose line it is: its name, or what is configured",
     kSnap, write_node},
    {FieldId::kBoot, "boot", "8 hex digits",
     "of the kernel's boot id: with node and cookie the key to a connection", kSnap, write_boot},
    {FieldId::kRule, "rule", "id", "the rule that decided; docs/fates.md says why", kSnap,
     write_rule},
}};

static_assert(
    [] {
      for (std::size_t i = 0; i < kFields.size(); ++i) {
        if (static_cast<std::size_t>(kFields[i].id) != i) return false;
      }
      return true;
    }(),
    "a row stands where its id says");

}  // namespace connfate::table

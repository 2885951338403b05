// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the keys of the witness's line about a response or a connection, in their order: the one
// home of each name and meaning. The writer (final_line.cpp) has a row for each, the reader
// (json_key.cpp) takes its names from here; tests hold the schema and docs/witness.md to the table.
// Surprising: only a header and only constants, so that the reader links nothing of the witness.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace connfate::witness {

enum class LineKey : std::uint8_t {
  kEvent,
  kTime,
  kTs,
  kNode,
  kBoot,
  kServer,
  kMethod,
  kHost,
  kUri,
  kStatus,
  kRequestId,
  kDurationMs,
  kClient,
  kClientPort,
  kLocal,
  kLocalPort,
  kCookie,
  kFirst,
  kFate,
  kBy,
  kPhase,
  kClose,
  kRule,
  kFinal,
  kReason,
  kStart,
  kEnd,
  kWritten,
  kAcked,
  kUnacked,
  kRefused,
  kRetrans,
  kSilenceMs,
  kRttUs,
  kMinRttUs,
  kTtl,
  kRstFrom,
  kConfidence,
  kEvidence,
  kEvidenceRules,
  kCapture,
  kCaptureLost,
  kBenign,
  kVersion,
};
inline constexpr std::size_t kLineKeyCount = static_cast<std::size_t>(LineKey::kVersion) + 1;

struct LineKeyRow {
  LineKey key;
  std::string_view name;
  std::string_view meaning;  ///< as docs/witness.md has it
};

inline constexpr std::array<LineKeyRow, kLineKeyCount> kLineKeys{{
    {LineKey::kEvent, "event",
     "`response`; or `connection` for one that ended without any request, or on a port without a "
     "module"},
    {LineKey::kTime, "time", "of the access-log line; of a connection, of its end"},
    {LineKey::kTs, "ts", "the same, in seconds since 1970 with their microseconds"},
    {LineKey::kNode, "node", "the host whose line it is: its name, or what `--node` says"},
    {LineKey::kBoot, "boot",
     "the first 8 hex digits of the kernel's boot id: with `node` and `cookie` the key to a "
     "connection"},
    {LineKey::kServer, "server", "`nginx` or `httpd`"},
    {LineKey::kMethod, "method", "of the request"},
    {LineKey::kHost, "host", "as the server understood it"},
    {LineKey::kUri, "uri", "without the query"},
    {LineKey::kStatus, "status", "HTTP status, as logged"},
    {LineKey::kRequestId, "request_id", "the server's own, where it makes one"},
    {LineKey::kDurationMs, "duration_ms",
     "from the request's first byte until its log line, as `$request_time` and `%D` count"},
    {LineKey::kClient, "client", "the address at the other end of the connection"},
    {LineKey::kClientPort, "client_port", "its port"},
    {LineKey::kLocal, "local", "this host's address"},
    {LineKey::kLocalPort, "local_port", "its port"},
    {LineKey::kCookie, "cookie", "the kernel's SO_COOKIE of the socket, as in the access log"},
    {LineKey::kFirst, "first", "the fate in the access log"},
    {LineKey::kFate, "fate", "the final fate; docs/fates.md"},
    {LineKey::kBy, "by", "who ended it"},
    {LineKey::kPhase, "phase", "how far the request had come when it was logged"},
    {LineKey::kClose, "close", "how the connection ended, or stands"},
    {LineKey::kRule, "rule", "the rule that decided; `connfate explain` has its sentence"},
    {LineKey::kFinal, "final", "`false` says that nothing better can be had, and `reason` why"},
    {LineKey::kReason, "reason", "below"},
    {LineKey::kStart, "start", "where the response begins in the connection's byte stream"},
    {LineKey::kEnd, "end", "where it ends"},
    {LineKey::kWritten, "written", "bytes of this response, accepted by the kernel"},
    {LineKey::kAcked, "acked", "bytes of those, acknowledged by the peer's TCP"},
    {LineKey::kUnacked, "unacked", "`written` - `acked`"},
    {LineKey::kRefused, "refused",
     "bytes that this host refused to send from the beginning of the response on, each attempt "
     "counted; also what went out later"},
    {LineKey::kRetrans, "retrans", "segments sent again while it was on its way"},
    {LineKey::kSilenceMs, "silence_ms", "since the peer was last heard; a RST does not count"},
    {LineKey::kRttUs, "rtt_us", "smoothed round-trip time"},
    {LineKey::kMinRttUs, "min_rtt_us", "smallest round-trip time seen"},
    {LineKey::kTtl, "ttl", "TTL (hop limit) of the client's handshake packet"},
    {LineKey::kRstFrom, "rst_from",
     "`client`, `path`, `self` or `unknown`; absent when no RST was seen"},
    {LineKey::kConfidence, "confidence",
     "`proven` (facts of this host), `strong`, `moderate`, `weak`, `none`: of the attribution"},
    {LineKey::kEvidence, "evidence", "statements with their figures"},
    {LineKey::kEvidenceRules, "evidence_rules", "the rules behind them; docs/who_sent_the_rst.md"},
    {LineKey::kCapture, "capture", "`complete`, `partial`, `off`"},
    {LineKey::kCaptureLost, "capture_lost", "packets that a `partial` capture lost"},
    {LineKey::kBenign, "benign", "nothing of a response was lost by this end"},
    {LineKey::kVersion, "v", "version of this format; keys that are added do not change it"},
}};

static_assert(
    [] {
      for (std::size_t i = 0; i < kLineKeys.size(); ++i) {
        if (static_cast<std::size_t>(kLineKeys[i].key) != i) return false;
      }
      return true;
    }(),
    "a row stands where its key says");

constexpr std::string_view name_of(LineKey key) noexcept {
  return kLineKeys[static_cast<std::size_t>(key)].name;
}

}  // namespace connfate::witness

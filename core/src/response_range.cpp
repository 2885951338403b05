// SPDX-License-Identifier: Apache-2.0
#include "connfate/response_range.hpp"

#include <algorithm>

namespace connfate {
namespace {

/// False for a torn snapshot: a RST was processed between the state, which is read without the
/// socket's lock, and the counters, so that a connection looks alive with nothing outstanding while
/// its last bytes were thrown away. Also where segments were dropped on this host, and where the
/// kernel does not count what it sent: there the output queue has to tell.
bool all_sent_is_acked(const TcpSnapshot& s) noexcept {
  return s.bytes_acked && s.bytes_sent && s.bytes_retrans &&
         *s.bytes_sent - *s.bytes_retrans <= *s.bytes_acked;
}

bool nothing_outstanding(const TcpSnapshot& s) noexcept {
  return s.is_live() && s.unacked == Segments{} && s.notsent == Bytes{} && all_sent_is_acked(s);
}

/// Exact but for segments that were dropped on this host, which count as sent each time: then too
/// large, and never too small.
std::optional<Bytes> counted_offset(const TcpSnapshot& s, bool fin_sent) noexcept {
  const auto unsent = unsent_data(s, fin_sent);
  if (!s.bytes_sent || !s.bytes_retrans || !unsent) return std::nullopt;
  return *s.bytes_sent - *s.bytes_retrans + *unsent;
}

}  // namespace

bool own_fin_acked(const TcpSnapshot& s) noexcept {
  if (s.is_live()) return s.state == TcpState::kFinWait2 || s.state == TcpState::kTimeWait;
  return s.bytes_acked && s.bytes_sent && s.bytes_retrans && s.notsent &&
         *s.bytes_acked > *s.bytes_sent - *s.bytes_retrans + *s.notsent;
}

std::optional<Bytes> unsent_data(const TcpSnapshot& s, bool fin_sent) noexcept {
  if (!s.notsent) return std::nullopt;
  const bool fin_waits = fin_sent || has_sent_fin(s.state);
  return *s.notsent - Bytes{fin_waits ? 1U : 0U};
}

bool needs_output_queue(const TcpSnapshot& s) noexcept {
  if (nothing_outstanding(s)) return false;
  if (!s.bytes_acked || !s.notsent || !s.bytes_sent || !s.bytes_retrans) return true;
  if (*s.bytes_retrans > Bytes{}) return true;
  const Bytes in_flight = *s.bytes_sent - *s.bytes_acked;
  if (!s.is_live()) return in_flight + *s.notsent > Bytes{};
  // More "in flight" than the segments in flight can hold: some were dropped on this host.
  return in_flight > Bytes{s.unacked.value * s.snd_mss.value};
}

std::optional<Bytes> write_offset(const TcpSnapshot& s, std::optional<Bytes> output_queue,
                                  bool write_shut_down) noexcept {
  if (!s.bytes_acked) return std::nullopt;
  const bool fin_acked = own_fin_acked(s);
  const bool fin_sent = write_shut_down || fin_acked || has_sent_fin(s.state);
  if (nothing_outstanding(s)) return *s.bytes_acked - Bytes{fin_acked ? 1U : 0U};
  const auto counted = counted_offset(s, fin_sent);
  if (!output_queue) return counted;
  const Bytes queued = *s.bytes_acked + *output_queue - Bytes{fin_sent ? 1U : 0U};
  return counted ? std::min(queued, *counted) : queued;
}

std::optional<bool> acknowledged_up_to(const TcpSnapshot& s, std::optional<Bytes> end,
                                       std::optional<Bytes> output_queue) noexcept {
  if (s.bytes_acked && end) return *s.bytes_acked >= *end;
  if (nothing_outstanding(s)) return true;
  if (output_queue && s.is_live()) return *output_queue == Bytes{};
  return std::nullopt;
}

Bytes acknowledged_part(Bytes start, Bytes end, Bytes bytes_acked) noexcept {
  return std::min(bytes_acked, end) - start;
}

}  // namespace connfate

// SPDX-License-Identifier: Apache-2.0
#include "connfate/refused.hpp"

namespace connfate {
namespace {

/// bytes_sent never counts our FIN; notsent, bytes_acked and the queue do.
constexpr Bytes kFin{1};

/// The shortest retransmission timeout (TCP_RTO_MIN, include/net/tcp.h, 6.1), after which the
/// kernel tries again what it could not send, and the resolution of its clock.
constexpr std::chrono::milliseconds kRetryTime{220};

}  // namespace

std::optional<Bytes> refused_bytes(const TcpSnapshot& s, Bytes output_queue) noexcept {
  if (!s.bytes_sent || !s.bytes_retrans || !s.notsent || !s.bytes_acked) return std::nullopt;
  const Bytes counted = *s.bytes_sent - *s.bytes_retrans + *s.notsent;
  const Bytes refused = counted - (*s.bytes_acked + output_queue);
  return refused > kFin ? refused : Bytes{};
}

bool is_all_kept_here(const TcpSnapshot& s, Bytes output_queue) noexcept {
  const bool waits = output_queue > Bytes{} && s.notsent == output_queue;
  const bool in_flight = s.is_live() && s.unacked > Segments{};
  const bool has_room = s.snd_wnd && *s.snd_wnd >= s.snd_mss;
  return waits && !in_flight && has_room;
}

bool is_kept_here(const TcpSnapshot& s, Bytes output_queue, Bytes refused,
                  std::optional<Bytes> start) noexcept {
  if (refused == Bytes{} || !is_all_kept_here(s, output_queue)) return false;
  const bool nothing_acked = start && s.bytes_acked && *s.bytes_acked <= *start;
  const bool tried_again = s.silence() >= kRetryTime || (s.is_live() && *s.notsent >= s.snd_mss);
  return nothing_acked || tried_again;
}

}  // namespace connfate

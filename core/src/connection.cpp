// SPDX-License-Identifier: Apache-2.0
#include "connfate/connection.hpp"

#include "connfate/refused.hpp"
#include "connfate/response_range.hpp"

namespace connfate {

Baseline Baseline::from(const TcpSnapshot& snapshot, Bytes end, Bytes refused) noexcept {
  constexpr TcpSnapshot::Microseconds kZero{};
  return {end,
          snapshot.total_retrans,
          static_cast<std::uint32_t>(refused.value),
          snapshot.busy_time.value_or(kZero),
          snapshot.rwnd_limited.value_or(kZero),
          snapshot.sndbuf_limited.value_or(kZero)};
}

void Connection::set_baseline(int fd, const Syscalls& calls) noexcept {
  baseline.reset();
  auto snapshot = read_tcp_snapshot(fd, calls);
  if (!snapshot) return;
  const auto queue = needs_output_queue(*snapshot) ? read_output_queue(fd, calls) : std::nullopt;
  if (queue) snapshot = read_tcp_snapshot(fd, calls);  // the queue first: see write_offset()
  if (!snapshot) return;
  const auto offset = write_offset(*snapshot, queue, false);
  if (!offset) return;
  const auto refused = queue ? refused_bytes(*snapshot, *queue) : std::nullopt;
  baseline = Baseline::from(*snapshot, *offset, refused.value_or(Bytes{}));
}

void Connection::read_identity(int fd, bool want_cookie, bool want_ttl,
                               const Syscalls& calls) noexcept {
  if (want_cookie && !cookie_was_read) {
    cookie = read_cookie(fd, calls);
    cookie_was_read = true;
  }
  if (want_ttl && !ttl_was_read) {
    ttl = read_handshake_ttl(fd, calls);
    ttl_was_read = true;
  }
}

std::optional<Bytes> read_bytes_taken(int fd, const Syscalls& calls) noexcept {
  const auto before = read_tcp_snapshot(fd, calls);
  const auto unread = read_input_queue(fd, calls);
  const auto after = read_tcp_snapshot(fd, calls);
  if (!before || !unread || !after || !after->is_live() || !after->bytes_received) {
    return std::nullopt;
  }
  const bool fin = has_received_fin(after->state);
  if (before->bytes_received != after->bytes_received) return std::nullopt;
  return *after->bytes_received - *unread - Bytes{fin ? 1U : 0U};
}

}  // namespace connfate

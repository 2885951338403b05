// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Connection: what must be remembered about a client's connection from one response to
// the next. One lives in the server's own connection pool, from accept (or the first request) to
// close; trivially destructible, no heap, not thread safe (one connection is served by one thread
// at a time; the httpd module locks for HTTP/2).

#include <cstdint>
#include <optional>
#include <type_traits>

#include "connfate/socket_error.hpp"
#include "connfate/syscalls.hpp"

namespace connfate {

/// The counters as they stood when the previous response ended: the next one is measured from here.
struct Baseline {
  Bytes end{};
  Segments total_retrans{};
  std::uint32_t refused = 0;  ///< refused_bytes(), modulo 2^32: a response's share is less
  TcpSnapshot::Microseconds busy_time{};
  TcpSnapshot::Microseconds rwnd_limited{};
  TcpSnapshot::Microseconds sndbuf_limited{};

  /// `refused`: so far, by refused_bytes(), or more where it cannot be told exactly.
  static Baseline from(const TcpSnapshot& snapshot, Bytes end, Bytes refused) noexcept;
};

struct Connection {
  /// Known at accept (all zero); nullopt after a response that nobody observed, so that the next
  /// one says "-" instead of charging itself with both.
  std::optional<Baseline> baseline = Baseline{};
  std::optional<std::uint64_t> cookie;
  FirstError first_error;
  std::optional<std::uint8_t> ttl;
  bool cookie_was_read = false;
  bool ttl_was_read = false;

  /// Call when bytes that belong to no response have been written (the TLS handshake), before the
  /// first response: one TCP_INFO.
  void set_baseline(int fd, const Syscalls& calls = kernel()) noexcept;

  /// Call when a response ended without observe().
  void skip_response() noexcept { baseline.reset(); }

  /// SO_COOKIE and the handshake's TTL: read once, on the first call.
  void read_identity(int fd, bool want_cookie, bool want_ttl,
                     const Syscalls& calls = kernel()) noexcept;
};

static_assert(std::is_trivially_destructible_v<Connection>);
static_assert(sizeof(Connection) <= 80, "nginx keeps one per idle keepalive connection");

/// How many bytes the server has taken from a live socket since accept, by the kernel's count: what
/// arrived, less what still lies there and the peer's FIN. Three system calls; nullopt when bytes
/// arrived meanwhile, or the kernel counts none (before 4.1).
std::optional<Bytes> read_bytes_taken(int fd, const Syscalls& calls = kernel()) noexcept;

}  // namespace connfate

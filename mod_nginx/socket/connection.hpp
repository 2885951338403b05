// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides PeerConnection: our record of one connection. It is the data of a cleanup node in the
// connection's own pool, which is also how it is found again: that survives keepalive, HTTP/2
// idling and internal redirects, and dies with the connection. The pool itself (512 bytes) has no
// room for it, and would take another 512; so it is allocated alone.

#include <optional>

#include "connfate/connection.hpp"
#include "socket/server.hpp"

namespace connfate::nginx {

inline constexpr std::uint8_t kNoGoaway = 0xff;

struct PeerConnection {
  explicit PeerConnection(const ngx_connection_t* c) noexcept : address(c->sockaddr), fd(c->fd) {}

  Connection record;
  const sockaddr* address;  ///< of the TCP connection; the realip module replaces c->sockaddr
  Bytes bytes_read{};       ///< taken since accept, if counts_reads; under TLS only what came
                            ///< before it (the PROXY protocol's header), the rest OpenSSL counts
  ngx_socket_t fd;
  std::uint8_t tapped = 0;  ///< which functions tap.cpp put itself in front of; 0: none
  std::uint8_t inside = 0;  ///< which of them are on the stack now: a bit for each
  std::uint8_t goaway_code = kNoGoaway;  ///< of the HTTP/2 GOAWAY that nginx sent
  bool counts_reads : 1 = false;         ///< not where the tap came too late
  bool fin_proven : 1 = false;           ///< a write succeeded after the client's half had ended
  bool watches_sent : 1 = false;         ///< somebody wants to see what is sent
  bool watches_chains : 1 = false;       ///< the same of what is sent in chains
};
static_assert(sizeof(PeerConnection) <= 104, "with malloc's own 8 it is 112: see docs/cost.md");

/// nullptr when none was made yet.
PeerConnection* find_peer_connection(ngx_connection_t* c) noexcept;

/// Finds or makes the record; nullptr when memory ran out.
PeerConnection* peer_connection(ngx_connection_t* c) noexcept;

/// Bytes that nginx, or OpenSSL for it, took from the socket since accept; nullopt when nobody
/// counted them all.
std::optional<Bytes> bytes_taken(const ngx_connection_t* c, const PeerConnection& peer) noexcept;

/// TLS: nginx, or OpenSSL for it, read the end of the client's session: close_notify, a fatal
/// alert, or a FIN in their place.
bool goodbye_seen(const ngx_connection_t* c) noexcept;

/// Behind a PROXY protocol: counts what was taken so far by the kernel's own count. nginx reads
/// that header before it begins to count, and forgets its length.
void count_by_the_kernel(const ngx_connection_t* c, PeerConnection& peer) noexcept;

}  // namespace connfate::nginx

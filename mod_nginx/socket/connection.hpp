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

struct PeerConnection {
  explicit PeerConnection(const ngx_connection_t* c) noexcept : address(c->sockaddr), fd(c->fd) {}

  Connection record;
  const sockaddr* address;  ///< of the TCP connection; the realip module replaces c->sockaddr
  Bytes bytes_read{};       ///< counted by the tap since accept, if counts_reads
  ngx_socket_t fd;
  bool counts_reads = false;  ///< not under TLS, and not where the tap came too late
  bool fin_proven = false;    ///< a write succeeded after the client's half of the stream had ended
  std::uint8_t tapped = 0;    ///< which functions tap.cpp put itself in front of; 0: none
};
static_assert(sizeof(PeerConnection) <= 104, "with malloc's own 8 it is 112: see docs/cost.md");

/// nullptr when none was made yet.
PeerConnection* find_peer_connection(ngx_connection_t* c) noexcept;

/// Finds or makes the record; nullptr when memory ran out.
PeerConnection* peer_connection(ngx_connection_t* c) noexcept;

/// Bytes that nginx, or OpenSSL for it, took from the socket since accept; nullopt when nobody
/// counted them all.
std::optional<Bytes> bytes_taken(const ngx_connection_t* c, const PeerConnection& peer) noexcept;

}  // namespace connfate::nginx

// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides which connection carries a request, and the start of its record.
// Surprising: for HTTP/2 (and for it alone) r->connection is a fake whose pool, descriptor and
// function pointers were copied from the real one; everything here is about the real one.

#include "server.hpp"
#include "socket/connection.hpp"

namespace connfate::nginx {

/// The connection that carries the request's bytes.
ngx_connection_t* real_connection(ngx_http_request_t* r) noexcept;

/// Whether it is not r->connection: the request is a stream among others.
bool is_http2(ngx_http_request_t* r) noexcept;

/// Starts the record at the first request of a connection: counts what was already read, and under
/// TLS puts the baseline behind the handshake.
void begin_connection(ngx_http_request_t* r, PeerConnection& peer) noexcept;

}  // namespace connfate::nginx

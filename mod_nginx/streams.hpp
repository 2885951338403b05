// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides StreamEnd: who ended an HTTP/2 stream before its response was complete, as nginx's own
// records have it.
// Used by view.cpp.
// Surprising: for nginx's request all of them look the same (c->error is set). What differs is who
// marked the stream: a RST_STREAM of the client closes both of its halves, one of ours sets
// rst_sent, and a GOAWAY of ours leaves the connection without a read handler while it has no error
// (ngx_http_v2.c, 1.22 to 1.26).

#include <cstdint>
#include <optional>

#include "server.hpp"
#include "socket/connection.hpp"

namespace connfate::nginx {

struct StreamEnd {
  bool by_client = false;             ///< the client's RST_STREAM
  bool here = false;                  ///< our RST_STREAM, or our GOAWAY
  std::optional<std::uint32_t> code;  ///< of ours; nginx does not keep the client's
};

/// Listens for the GOAWAY that nginx may send: it keeps no copy of the code.
void watch_streams(PeerConnection& peer) noexcept;

/// Of a request over HTTP/2 whose response is not complete; nobody's for any other.
StreamEnd stream_end(ngx_http_request_t* r, const PeerConnection& peer) noexcept;

}  // namespace connfate::nginx

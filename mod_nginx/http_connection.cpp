// SPDX-License-Identifier: Apache-2.0
#include "http_connection.hpp"

namespace connfate::nginx {
namespace {

bool is_first_request(ngx_http_request_t* r) noexcept {
  return r->connection->requests == 1;
}

}  // namespace

ngx_connection_t* real_connection(ngx_http_request_t* r) noexcept {
#if (NGX_HTTP_V2)
  if (r->stream != nullptr) return r->stream->connection->connection;
#endif
  return r->connection;
}

bool is_http2(ngx_http_request_t* r) noexcept {
  return real_connection(r) != r->connection;
}

void begin_connection(ngx_http_request_t* r, PeerConnection& peer) noexcept {
  if (!is_first_request(r) || is_http2(r)) return;
  const ngx_connection_t* c = r->connection;
  if (c->ssl != nullptr) {
    peer.record.set_baseline(c->fd);
  } else if (c->proxy_protocol != nullptr) {
    count_by_the_kernel(c, peer);
  } else if (r->header_in == c->buffer && r->http_connection->nbusy == 0) {
    peer.counts_reads = true;
    peer.bytes_read = Bytes{static_cast<std::uint64_t>(r->header_in->last - r->header_in->start)};
  }
}

}  // namespace connfate::nginx

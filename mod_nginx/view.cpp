// SPDX-License-Identifier: Apache-2.0
#include "view.hpp"

#include <string_view>

#include "http_connection.hpp"
#include "streams.hpp"
#include "tunnel.hpp"

namespace connfate::nginx {
namespace {

/// c->quic and r->response_sent are members since this version.
#define CONNFATE_NGINX_KNOWS_QUIC (nginx_version >= 1025000)

Transport transport_of(ngx_http_request_t* r) noexcept {
  const ngx_connection_t* c = real_connection(r);
#if CONNFATE_NGINX_KNOWS_QUIC && (NGX_QUIC || NGX_COMPAT)
  if (c->quic != nullptr) return Transport::kQuic;
#endif
  // Not c->sockaddr: the realip module replaces that one.
  const int family = c->listening->sockaddr->sa_family;
  return family == AF_INET || family == AF_INET6 ? Transport::kTcp : Transport::kOther;
}

/// nginx came to the end of the request. A filter that answers in place of the response (a 412 by
/// the not_modified filter) ends it as an error, and yet that answer is whole.
bool ended_by_itself(ngx_http_request_t* r) noexcept {
  const bool nothing_kept = r->buffered == 0 && r->postponed == nullptr;
  return r->request_complete || (r->filter_finalize && nothing_kept);
}

/// The head was handed over, and is all that there is to send (HEAD, 204, 304). Whatever becomes of
/// the request afterwards, the message is whole.
bool head_is_all(ngx_http_request_t* r) noexcept {
  return r->header_sent && r->header_only && r->header_size > 0 &&
         r->connection->sent >= static_cast<off_t>(r->header_size);
}

/// Of the body, framing not counted, as $body_bytes_sent has it; but 100 Continue is no part of it.
off_t body_sent(ngx_http_request_t* r) noexcept {
  constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
  const ngx_table_elt_t* expect = r->headers_in.expect;
  const bool continued = expect != nullptr && r->expect_tested && !is_http2(r);
  const off_t before = continued ? static_cast<off_t>(kContinue.size()) : 0;
  return r->connection->sent - static_cast<off_t>(r->header_size) - before;
}

bool has_length(ngx_http_request_t* r) noexcept {
  return r->headers_out.content_length_n >= 0 && !r->header_only;
}

/// Fewer bytes went out than Content-Length had announced: nginx takes the end of a FastCGI, SCGI
/// or uwsgi stream for the end of the response, wherever it comes.
bool falls_short(ngx_http_request_t* r) noexcept {
  return has_length(r) && body_sent(r) < r->headers_out.content_length_n;
}

/// Our filters are not in the chain of this worker: a reload without us was tried and failed, which
/// leaves the new chain to the old configuration's next worker. Then who watches the last buffer?
[[maybe_unused]] bool filters_are_gone(ngx_http_request_t* r, const RequestState& state) noexcept {
  return r->header_sent && !state.head_made;
}

/// The end of the response entered the output chain.
bool last_buffer_sent(ngx_http_request_t* r, [[maybe_unused]] const RequestState& state) noexcept {
#if CONNFATE_NGINX_KNOWS_QUIC
  return r->response_sent;
#else
  // Where nobody watched: without a backend nothing but an error cuts a response short.
  const bool unwatched = filters_are_gone(r, state) && (has_length(r) || r->upstream == nullptr);
  return state.last_buffer || unwatched;
#endif
}

/// Nobody watched the last buffer, and there is neither a length nor another proof of the end.
bool end_is_hidden([[maybe_unused]] ngx_http_request_t* r,
                   [[maybe_unused]] const RequestState& state) noexcept {
#if CONNFATE_NGINX_KNOWS_QUIC
  return false;  // nginx watches it itself
#else
  return state.in_log_phase && filters_are_gone(r, state) && !last_buffer_sent(r, state) &&
         !head_is_all(r) && !switched_protocols(r) && ended_by_itself(r) && r->out == nullptr &&
         r->connection->error == 0;
#endif
}

/// The last byte of the message went through the output chain, none is left in it, and no write
/// failed on the way.
bool response_complete(ngx_http_request_t* r, const PeerConnection& peer,
                       const RequestState& state) noexcept {
  if (peer.record.first_error.was_on(Operation::kWrite)) return false;
  if (state.written_by_thread) return true;
  if (switched_protocols(r)) return tunnel_complete(r, state);
  if (r->out == nullptr && head_is_all(r)) return true;
  return !falls_short(r) && last_buffer_sent(r, state) && ended_by_itself(r) && r->out == nullptr;
}

/// The server read the end of the client's stream, or took an error for it.
bool read_end(const ngx_connection_t* c) noexcept {
  return c->read->eof && !c->read->error;
}

/// That end was a FIN. After any error a read returns 0 as well, and under TLS a RST looks the same
/// from here; there the bytes are counted.
bool read_fin(const ngx_connection_t* c, const PeerConnection& peer) noexcept {
  return c->ssl == nullptr && read_end(c) && !peer.record.first_error.get();
}

/// A body was announced, its reading began, and part of it never came.
bool body_is_missing(ngx_http_request_t* r) noexcept {
  return r->reading_body || (r->request_body != nullptr && r->request_body->rest > 0);
}

bool lingers(ngx_http_request_t* r) noexcept {
  return r->lingering_time != 0 && r->connection->write->handler == ngx_http_empty_handler;
}

void fill_stream_end(ngx_http_request_t* r, const PeerConnection& peer, ServerView& v) noexcept {
  const StreamEnd end = stream_end(r, peer);
  v.stream_reset = end.by_client;
  v.reset_here = end.here;
  v.reset_code = end.code;
}

/// nginx, or a handler in its place (ngx.exit(499) of lua), gave up because the client had left.
bool gave_the_client_up(ngx_http_request_t* r, const ngx_connection_t* real) noexcept {
  const bool left = r->connection->error && (read_end(real) || goodbye_seen(real));
  // Behind a head the status is what a backend sent, and may be anything.
  const bool says_so = !r->header_sent && r->headers_out.status == NGX_HTTP_CLIENT_CLOSED_REQUEST;
  return left || says_so || (switched_protocols(r) && read_end(real));
}

}  // namespace

bool has_tcp(ngx_http_request_t* r) noexcept {
  return transport_of(r) == Transport::kTcp;
}

ServerView view_of(const Exchange& x) noexcept {
  ngx_http_request_t* r = x.r;
  const PeerConnection& peer = *x.peer;
  const RequestState& state = *x.state;
  const ngx_connection_t* c = r->connection;
  const ngx_connection_t* real = x.c;
  ServerView v;
  v.transport = transport_of(r);
  v.ended = state.in_log_phase;
  v.shared_stream = is_http2(r);
  v.tunnel = switched_protocols(r);
  v.request_received = state.head_received && !body_is_missing(r);
  v.response_started = r->header_sent && c->sent > 0;
  v.complete = response_complete(r, peer, state);
  v.request_timed_out = !v.request_received && (c->read->timedout || real->read->timedout);
  v.timed_out = c->write->timedout || real->write->timedout ||
                (state.tunnel != nullptr && state.tunnel->timed_out);
  v.peer_closed = !v.complete && gave_the_client_up(r, real);
  v.goodbye_seen = goodbye_seen(real);
  v.fin_seen = peer.fin_proven || read_fin(real, peer);
  v.write_shut_down = lingers(r);
  v.end_hidden = !v.complete && end_is_hidden(r, state);
  if (!v.complete) fill_stream_end(r, peer, v);
  v.bytes_taken = bytes_taken(real, peer);
  return v;
}

}  // namespace connfate::nginx

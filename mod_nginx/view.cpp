// SPDX-License-Identifier: Apache-2.0
#include "view.hpp"

#include "http_connection.hpp"

namespace connfate::nginx {
namespace {

/// c->quic and r->response_sent are members since this version.
#define CONNFATE_NGINX_KNOWS_QUIC (nginx_version >= 1025000)

bool switched_protocols(ngx_http_request_t* r) noexcept {
  return r->upstream != nullptr && r->upstream->upgrade;
}

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

/// What nginx still has to hand over, or believes it has; nullopt when the end is not among it.
std::optional<Bytes> queued_to_the_end(ngx_http_request_t* r) noexcept {
  if (r->buffered != 0 || r->postponed != nullptr) return std::nullopt;
  Bytes size{};
  for (const ngx_chain_t* link = r->out; link != nullptr; link = link->next) {
    if (!ngx_buf_special(link->buf)) {
      size = size + Bytes{static_cast<std::uint64_t>(ngx_buf_size(link->buf))};
    }
    if (link->buf->last_buf) return size;
  }
  return std::nullopt;
}

/// A pool thread (`aio threads`) wrote the rest, the client had all of it and closed, and nginx
/// heard of that before it heard of its thread: it calls this a client that closed too early. The
/// kernel has counted what the thread wrote.
bool thread_wrote_the_rest(ngx_http_request_t* r, const PeerConnection& peer) noexcept {
#if NGX_THREADS || NGX_COMPAT
  const ngx_connection_t* c = r->connection;
  if (c->sendfile_task == nullptr || c->ssl != nullptr || is_http2(r)) return false;
  const auto queued = queued_to_the_end(r);
  const auto& before = peer.record.baseline;
  if (!queued || !before) return false;
  Connection now = peer.record;
  now.set_baseline(c->fd);
  const Bytes sent{static_cast<std::uint64_t>(c->sent)};
  return now.baseline && now.baseline->end == before->end + sent + *queued;
#else
  return false;
#endif
}

/// The last byte of the response went through the output chain, none is left in it, and no write
/// failed on the way.
bool response_complete(ngx_http_request_t* r, const PeerConnection& peer,
                       const RequestState& state) noexcept {
  const ngx_connection_t* c = r->connection;
  if (switched_protocols(r)) {
    // A tunnel is complete when our side ended it.
    return !c->read->eof && !c->read->error && !c->write->error && !c->write->timedout;
  }
#if CONNFATE_NGINX_KNOWS_QUIC
  const bool last_sent = r->response_sent;
#else
  const bool last_sent = state.last_buffer;
#endif
  const bool whole = last_sent || (r->header_sent && r->header_only);
  const bool write_failed = peer.record.first_error.was_on(Operation::kWrite);
  if (whole && ended_by_itself(r) && r->out == nullptr && !write_failed) return true;
  return state.in_log_phase && !write_failed && thread_wrote_the_rest(r, peer);
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

}  // namespace

bool has_tcp(ngx_http_request_t* r) noexcept {
  return transport_of(r) == Transport::kTcp;
}

ServerView view_of(ngx_http_request_t* r, const PeerConnection& peer,
                   const RequestState& state) noexcept {
  const ngx_connection_t* c = r->connection;
  const ngx_connection_t* real = real_connection(r);
  ServerView v;
  v.transport = transport_of(r);
  v.ended = state.in_log_phase;
  v.shared_stream = is_http2(r);
  v.tunnel = switched_protocols(r);
  v.request_received = state.head_received && !body_is_missing(r);
  v.response_started = r->header_sent && c->sent > 0;
  v.complete = response_complete(r, peer, state);
  v.request_timed_out = !v.request_received && (c->read->timedout || real->read->timedout);
  v.timed_out = c->write->timedout || real->write->timedout;
  v.peer_closed = !v.complete && c->error && read_end(real);
  v.fin_seen = peer.fin_proven || read_fin(real, peer);
  v.write_shut_down = lingers(r);
  v.stream_reset = v.shared_stream && !v.complete && c->error && !c->timedout && !real->error &&
                   !real->read->eof;
  v.bytes_taken = bytes_taken(real, peer);
  return v;
}

}  // namespace connfate::nginx

// SPDX-License-Identifier: Apache-2.0
#include "view.hpp"

#include "tunnel.hpp"

#include <algorithm>

namespace connfate::apache {
namespace {

bool is_http2(request_rec* r) noexcept {
  return r->connection->master != nullptr;
}

/// The answer to "Upgrade: h2c" ends where HTTP/2 begins. It may be logged when that has ended; the
/// request itself is answered on stream 1, and has another line there.
bool upgraded_to_http2(request_rec* r, const PeerConnection& peer) noexcept {
  return r->status == HTTP_SWITCHING_PROTOCOLS && !is_http2(r) && peer.streams.begin;
}

bool is_tunnel(request_rec* r, const PeerConnection& peer) noexcept {
  const bool connected = r->method_number == M_CONNECT && ap_is_HTTP_SUCCESS(r->status);
  return connected || (r->status == HTTP_SWITCHING_PROTOCOLS && !upgraded_to_http2(r, peer));
}

/// Fewer body bytes than the response itself announced.
bool is_shorter_than_announced(request_rec* r) noexcept {
  const char* announced = apr_table_get(r->headers_out, "Content-Length");
  if (announced == nullptr || r->header_only || AP_STATUS_IS_HEADER_ONLY(r->status)) return false;
  return r->bytes_sent < apr_atoi64(announced);
}

/// What a handler sent past its filters (an "nph" script) frames itself.
bool is_whole_unwatched(request_rec* r, const PeerConnection& peer) noexcept {
  return !is_shorter_than_announced(answering(r)) && !peer.cut_short;
}

/// Without a stream's frames: mod_http2 did not abort the stream.
bool is_stream_whole(request_rec* r, const RequestState& state) noexcept {
  const Message& message = state.message;
  // An answer that never began was replaced by an error page of mod_http2's own.
  if ((message.begun && message.spoiled) ||
      (message.announced && message.body < *message.announced))
    return false;
  return state.stream.id != 0 ? state.stream.end != Stream::End::kOpen
                              : r->connection->aborted == 0;
}

bool has_tunnel(const PeerConnection& peer) noexcept {
  return peer.tunnel != nullptr && peer.tunnel->is_asked_for;
}

/// Another module took the tap out of CORE's record, so that no failed write was seen; CORE itself
/// says that there was one. With HTTP/1 nothing else sets it before the log phase.
bool failed_unseen(const request_rec* r, const PeerConnection& peer) noexcept {
  return peer.bytes_handed_down == Bytes{} && r->connection->aborted != 0;
}

bool response_complete(request_rec* r, const PeerConnection& peer,
                       const RequestState& state) noexcept {
  if (upgraded_to_http2(r, peer)) return true;
  // Other streams may fail after the end of this one.
  if (peer.write_failed && state.stream.end != Stream::End::kWritten) return false;
  if (is_http2(r)) return is_stream_whole(r, state);
  if (is_tunnel(r, peer)) return has_tunnel(peer) && tunnel_complete(peer);
  if (failed_unseen(r, peer)) return false;
  const bool watched = state.message.watched && is_still_watched(answering(r));
  return watched ? state.message.is_whole() : is_whole_unwatched(r, peer);
}

/// httpd gives up because of the client's FIN only where it reads: the request, a tunnel, frames.
/// While it sends a response over HTTP/1 it does not look.
bool may_give_up_for_fin(const ServerView& v) noexcept {
  return !v.request_received || v.tunnel || v.shared_stream;
}

/// mod_http2's session ended with the client silent for as long as Timeout allows. Who closes it
/// for another reason (a graceful stop) does not wait that long. event may be 100 ms early
/// (TIMEOUT_FUDGE_FACTOR, server/mpm/event/event.c, 2.4).
bool session_timed_out(const PeerConnection& peer, const RequestState& state) noexcept {
  constexpr apr_interval_time_t kGrain = apr_time_from_msec(200);
  const StreamWatch& watch = peer.streams;
  return state.had_data && watch.goaway_sent && watch.heard != 0 && !peer.read_eof &&
         !peer.goodbye &&
         apr_time_now() - watch.heard + kGrain >= peer.connection->base_server->timeout;
}

/// A PROXY header comes before a TLS handshake, and so it is among what that took.
std::optional<Bytes> bytes_before_request(request_rec* r, const PeerConnection& peer,
                                          const RequestState& state) noexcept {
  if (is_http2(r) || state.head_received || peer.started) return std::nullopt;
  if (!peer.taken_before_request) return std::nullopt;
  return std::max(*peer.taken_before_request, peer.proxy_header.size());
}

/// HTTP/2: where the response ended, if that is known.
std::optional<Bytes> end_limit_of(request_rec* r, const PeerConnection& peer,
                                  const RequestState& state) noexcept {
  return upgraded_to_http2(r, peer) ? peer.streams.begin : state.stream.offset;
}

/// One stream among others: who ended it, and with which code. mod_http2 leaves a stream open that
/// its handler abandoned, until the client has had enough of waiting.
void view_stream(request_rec* r, const PeerConnection& peer, const RequestState& state,
                 ServerView& v) noexcept {
  const Stream& stream = state.stream;
  const bool abandoned =
      !v.tunnel && state.message.is_abandoned() && is_still_watched(answering(r));
  v.timed_out = v.timed_out || state.stream_timed_out || session_timed_out(peer, state);
  v.stream_reset = stream.cancelled && !abandoned;
  v.reset_here = stream.reset_here && !v.timed_out;
  v.peer_closed = (v.peer_closed || peer.streams.goaway_received) && !abandoned;
  v.reset_code = stream.cancelled ? stream.cancelled : stream.reset_here;
  if (!v.reset_code && v.peer_closed) v.reset_code = peer.streams.goaway_received;
}

/// mod_proxy's timer for a tunnel is no shorter than Timeout (modules/proxy/mod_proxy_http.c, 2.4),
/// and runs while neither side sends.
bool is_idle_tunnel(const PeerConnection& peer) noexcept {
  constexpr std::chrono::milliseconds kGrain(200);
  const std::chrono::microseconds timeout(peer.connection->base_server->timeout);
  return monotonic_now() - std::max(peer.last_read, peer.last_write) + kGrain >= timeout;
}

/// A tunnel that was cut, and by whom. What the client did behind the backend's end was its answer.
void view_tunnel(const PeerConnection& peer, ServerView& v) noexcept {
  if (peer.tunnel->backend_left_first) {
    v.tunnel = v.peer_closed = false;
  } else if (!peer.has_left()) {
    v.timed_out = v.timed_out || is_idle_tunnel(peer);
  }
}

/// Not at the end of a connection's life, but under the feet of a response: mod_security2's "drop",
/// or a stop that does not wait (close_worker_sockets, server/mpm/event/event.c, 2.4).
bool is_closed_here(const PeerConnection& peer) noexcept {
  return peer.descriptor() < 0 && !peer.has_left() && !peer.write_timed_out &&
         !peer.record.first_error.get();
}

/// While the socket is there, core counts the bytes of HTTP/1.
bool has_started(const PeerConnection& peer, const RequestState& state,
                 const ServerView& v) noexcept {
  if (!v.closed_here) return state.stream.started;
  return peer.record.baseline && peer.taken_by_core > peer.record.baseline->end;
}

}  // namespace

bool has_tcp(request_rec* r) noexcept {
  const int family = real_connection(r->connection)->local_addr->family;
  return family == APR_INET || family == APR_INET6;
}

ServerView view_of(const Exchange& x) noexcept {
  request_rec* r = x.r;
  const PeerConnection& peer = *x.peer;
  const RequestState& state = *x.state;
  ServerView v;
  v.transport = has_tcp(r) ? Transport::kTcp : Transport::kOther;
  v.ended = state.in_log_phase;
  v.shared_stream = is_http2(r) || upgraded_to_http2(r, peer);
  v.tunnel = is_tunnel(r, peer);
  v.request_received = state.head_received && !state.body_failed;
  v.closed_here = is_closed_here(peer);
  v.response_started = has_started(peer, state, v);
  v.complete = v.ended && response_complete(r, peer, state);
  v.request_timed_out = !v.request_received && r->status == HTTP_REQUEST_TIME_OUT;
  v.timed_out = peer.write_timed_out;
  v.goodbye_seen = peer.goodbye;
  v.peer_closed = !v.complete && (peer.read_eof || peer.goodbye) && may_give_up_for_fin(v);
  // The end of file may also be a swallowed RST, but not when the count of bytes can tell.
  v.fin_seen = peer.read_eof && !peer.bytes_taken && !peer.record.first_error.get();
  if (!v.complete && v.shared_stream) view_stream(r, peer, state, v);
  v.bytes_taken = peer.bytes_taken;
  v.bytes_before_request = bytes_before_request(r, peer, state);
  // A sendfile that had sent something loses the errno that ended it; under TLS there is none.
  if (ap_ssl_conn_is_ssl(peer.connection)) v.since_read = peer.since_read();
  if (v.tunnel && !v.complete && has_tunnel(peer)) view_tunnel(peer, v);
  if (v.complete) v.end_limit = end_limit_of(r, peer, state);
  if (v.complete && !v.shared_stream && peer.ends_under_way == 1) v.end_handed_down = peer.last_end;
  v.end_ahead = v.complete && state.stream.id != 0 && !v.end_limit;
  return v;
}

}  // namespace connfate::apache

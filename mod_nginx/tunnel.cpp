// SPDX-License-Identifier: Apache-2.0
#include "tunnel.hpp"

#include <new>

#include "socket/tap.hpp"

namespace connfate::nginx {
namespace {

/// Whether the backend's end was a FIN: nginx calls this when it has passed on all that it had.
bool ended_with_fin(const ngx_connection_t* backend) noexcept {
  return backend != nullptr && backend->read->eof != 0 && backend->read->error == 0 &&
         backend->write->error == 0;
}

/// In place of the upstream's own function, which it calls. `rc` is nginx's reason.
extern "C" void connfate_tunnel_ends(ngx_http_request_t* r, ngx_int_t rc) {
  const RequestState* state = find_request_state(r);
  if (state == nullptr || state->tunnel == nullptr) return;
  Tunnel& tunnel = *state->tunnel;
  tunnel.timed_out = rc == NGX_HTTP_GATEWAY_TIME_OUT;
  tunnel.backend_closed =
      rc == NGX_OK && r->connection->read->eof == 0 && ended_with_fin(r->upstream->peer.connection);
  tunnel.finalize_request(r, rc);
}

/// The tap's word.
void note_tunnel_bytes(ngx_connection_t* c, const u_char* data, std::size_t size) noexcept {
  // An upgraded request has its connection to itself.
  const RequestState* state = find_request_state(static_cast<ngx_http_request_t*>(c->data));
  if (state != nullptr && state->tunnel != nullptr) state->tunnel->to_client.take({data, size});
}

bool asks_for_websocket(const ngx_http_request_t* r) noexcept {
  static u_char websocket[] = "websocket";
  const ngx_table_elt_t* upgrade = r->headers_in.upgrade;
  return upgrade != nullptr && upgrade->value.len == sizeof websocket - 1 &&
         ngx_strncasecmp(upgrade->value.data, websocket, sizeof websocket - 1) == 0;
}

}  // namespace

bool switched_protocols(const ngx_http_request_t* r) noexcept {
  if (r->upstream != nullptr) return r->upstream->upgrade != 0;
  return r->headers_out.status == NGX_HTTP_SWITCHING_PROTOCOLS;
}

void watch_tunnel(ngx_http_request_t* r, RequestState& state) noexcept {
  if (state.tunnel != nullptr || r->upstream == nullptr || r->upstream->upgrade == 0) return;
  PeerConnection* peer = find_peer_connection(r->connection);
  void* memory = ngx_palloc(r->pool, sizeof(Tunnel));
  if (peer == nullptr || memory == nullptr) return;
  state.tunnel = new (memory) Tunnel();
  state.tunnel->is_websocket = asks_for_websocket(r);
  state.tunnel->finalize_request = r->upstream->finalize_request;
  r->upstream->finalize_request = connfate_tunnel_ends;
  watch_sent(*peer, note_tunnel_bytes);
}

bool tunnel_complete(const ngx_http_request_t* r, const RequestState& state) noexcept {
  if (r->upstream == nullptr) return r->request_complete != 0 && r->out == nullptr;
  const Tunnel* tunnel = state.tunnel;
  if (tunnel == nullptr) return false;
  return tunnel->is_websocket ? tunnel->to_client.closed() : tunnel->backend_closed;
}

}  // namespace connfate::nginx

// SPDX-License-Identifier: Apache-2.0
#include "request.hpp"

#include <new>

#include "config.hpp"
#include "connection.hpp"
#include "view.hpp"

namespace connfate::apache {
namespace {

/// A first request that failed before its head was complete never began the connection: under TLS
/// its baseline still lies before the handshake.
void forget_handshake(request_rec* r, PeerConnection& peer) noexcept {
  if (!peer.started && ap_ssl_conn_is_ssl(real_connection(r->connection))) {
    peer.record.skip_response();
  }
}

}  // namespace

request_rec* root_of(request_rec* r) noexcept {
  while (r->main != nullptr) r = r->main;
  while (r->prev != nullptr) r = r->prev;
  return r;
}

request_rec* answering(request_rec* r) noexcept {
  while (r->next != nullptr) r = r->next;
  return r;
}

RequestState* find_request_state(request_rec* r) noexcept {
  return static_cast<RequestState*>(
      ap_get_module_config(root_of(r)->request_config, &connfate_module));
}

RequestState& request_state(request_rec* r) noexcept {
  if (auto* known = find_request_state(r)) return *known;
  request_rec* root = root_of(r);
  auto* state = new (apr_palloc(root->pool, sizeof(RequestState))) RequestState();
  ap_set_module_config(root->request_config, &connfate_module, state);
  return *state;
}

std::optional<Exchange> exchange_of(request_rec* r) noexcept {
  request_rec* root = root_of(r);
  PeerConnection* peer = find_peer_connection(root->connection);
  if (peer == nullptr) return std::nullopt;
  return Exchange{root, peer, &request_state(root)};
}

const Observation* observation(const Exchange& x, Identity wanted) noexcept {
  const Lock lock(*x.peer);
  forget_handshake(x.r, *x.peer);
  const Look at{x.peer->descriptor(), has_tcp(x.r), x.state->in_log_phase, wanted,
                &host_of(x.r->connection)};
  return x.state->observation.take(
      at, x.peer->record, [&x]() noexcept { return view_of(x); },
      [&x]() noexcept { return apr_palloc(x.r->pool, sizeof(Observation)); });
}

}  // namespace connfate::apache

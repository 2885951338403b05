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

/// Keeps what this field needs and an earlier one of the same line did not.
void add_identity(Observation& o, const Connection& record) noexcept {
  o.cookie = record.cookie;
  o.ttl = record.ttl;
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

const Observation* observation(request_rec* r, Identity wanted) noexcept {
  r = root_of(r);
  PeerConnection* peer = find_peer_connection(r->connection);
  if (peer == nullptr) return nullptr;
  RequestState& state = request_state(r);
  const Lock lock(*peer);
  const int fd = peer->descriptor();
  forget_handshake(r, *peer);
  if (has_tcp(r)) peer->record.read_identity(fd, wanted.cookie, wanted.ttl);

  auto* kept = const_cast<Observation*>(state.observation);
  if (kept == nullptr) {
    Connection copy = peer->record;
    Connection& record = state.in_log_phase ? peer->record : copy;
    kept = new (apr_palloc(r->pool, sizeof(Observation)))
        Observation(observe(fd, view_of(r, *peer, state), record));
    kept->host = &host_of(r->connection);
    if (state.in_log_phase) state.observation = kept;
  }
  add_identity(*kept, peer->record);
  return kept;
}

}  // namespace connfate::apache

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

std::optional<Exchange> exchange_of(request_rec* r) noexcept {
  request_rec* root = root_of(r);
  PeerConnection* peer = find_peer_connection(root->connection);
  if (peer == nullptr) return std::nullopt;
  return Exchange{root, peer, &request_state(root)};
}

const Observation* observation(const Exchange& x, Identity wanted) noexcept {
  const Lock lock(*x.peer);
  const int fd = x.peer->descriptor();
  forget_handshake(x.r, *x.peer);
  if (has_tcp(x.r)) x.peer->record.read_identity(fd, wanted.cookie, wanted.ttl);

  auto* kept = const_cast<Observation*>(x.state->observation);
  if (kept == nullptr) {
    Connection copy = x.peer->record;
    Connection& record = x.state->in_log_phase ? x.peer->record : copy;
    kept = new (apr_palloc(x.r->pool, sizeof(Observation)))
        Observation(observe(fd, view_of(x), record));
    kept->host = &host_of(x.r->connection);
    if (x.state->in_log_phase) x.state->observation = kept;
  }
  add_identity(*kept, x.peer->record);
  return kept;
}

}  // namespace connfate::apache

// SPDX-License-Identifier: Apache-2.0
#include "request.hpp"

#include <new>

#include "config.hpp"
#include "http_connection.hpp"
#include "view.hpp"

namespace connfate::nginx {
namespace {

/// Does nothing: its address marks our cleanup node.
extern "C" void connfate_forget_request(void*) {}

/// Keeps what this field needs and an earlier one of the same line did not.
void add_identity(Observation& o, const Connection& record) noexcept {
  o.cookie = record.cookie;
  o.ttl = record.ttl;
}

}  // namespace

RequestState* find_request_state(ngx_http_request_t* r) noexcept {
  for (ngx_pool_cleanup_t* node = r->pool->cleanup; node != nullptr; node = node->next) {
    if (node->handler == connfate_forget_request) return static_cast<RequestState*>(node->data);
  }
  return nullptr;
}

RequestState* request_state(ngx_http_request_t* r) noexcept {
  if (auto* known = find_request_state(r)) return known;
  ngx_pool_cleanup_t* node = ngx_pool_cleanup_add(r->pool, sizeof(RequestState));
  if (node == nullptr) return nullptr;
  node->handler = connfate_forget_request;
  return new (node->data) RequestState();
}

const Observation* observation(ngx_http_request_t* r, Identity wanted) noexcept {
  r = r->main;
  ngx_connection_t* c = real_connection(r);
  PeerConnection* peer = peer_connection(c);
  RequestState* state = request_state(r);
  if (peer == nullptr || state == nullptr) return nullptr;
  if (has_tcp(r)) peer->record.read_identity(c->fd, wanted.cookie, wanted.ttl);

  auto* kept = const_cast<Observation*>(state->observation);
  if (kept == nullptr) {
    void* memory = ngx_palloc(r->pool, sizeof(Observation));
    if (memory == nullptr) return nullptr;
    Connection copy = peer->record;
    Connection& record = state->in_log_phase ? peer->record : copy;
    kept = new (memory) Observation(observe(c->fd, view_of(r, *peer, *state), record));
    kept->host = &main_config(r).host;
    if (state->in_log_phase) state->observation = kept;
  }
  add_identity(*kept, peer->record);
  return kept;
}

}  // namespace connfate::nginx

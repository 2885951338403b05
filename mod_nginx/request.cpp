// SPDX-License-Identifier: Apache-2.0
#include "request.hpp"

#include <new>

#include "config.hpp"
#include "http_connection.hpp"
#include "pool_thread.hpp"
#include "view.hpp"

namespace connfate::nginx {
namespace {

/// Does nothing: its address marks our cleanup node.
extern "C" void connfate_forget_request(void*) {}

/// The view, and a look at the kernel where only a pool thread knows whether the response is whole.
ServerView look(const Exchange& x) noexcept {
  ServerView view = view_of(x);
  if (view.complete || !x.state->in_log_phase || !pool_thread_wrote_the_rest(x)) return view;
  x.state->written_by_thread = true;
  return view_of(x);
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

std::optional<Exchange> exchange_of(ngx_http_request_t* r) noexcept {
  Exchange x{r->main, real_connection(r->main), nullptr, nullptr};
  x.peer = peer_connection(x.c);
  x.state = request_state(x.r);
  if (x.peer == nullptr || x.state == nullptr) return std::nullopt;
  return x;
}

const Observation* observation(const Exchange& x, Identity wanted) noexcept {
  const Look at{x.c->fd, has_tcp(x.r), x.state->in_log_phase, wanted, &main_config(x.r).host};
  return x.state->observation.take(
      at, x.peer->record, [&x]() noexcept { return look(x); },
      [&x]() noexcept { return ngx_palloc(x.r->pool, sizeof(Observation)); });
}

}  // namespace connfate::nginx

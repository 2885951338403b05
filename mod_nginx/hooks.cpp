// SPDX-License-Identifier: Apache-2.0
#include "hooks.hpp"

#include "config.hpp"
#include "fields.hpp"
#include "http_connection.hpp"
#include "report.hpp"
#include "request.hpp"
#include "socket/tap.hpp"
#include "streams.hpp"
#include "tunnel.hpp"

namespace connfate::nginx {
namespace {

// Set anew by every postconfiguration, before any request of that cycle: chains of filters are
// statics in nginx itself.
ngx_http_output_header_filter_pt next_header_filter;
[[maybe_unused]] ngx_http_output_body_filter_pt next_body_filter;

void watch_connection(const Exchange& x) noexcept {
  install_tap(x.c, *x.peer);
  if (is_http2(x.r)) watch_streams(*x.peer);
}

/// Once; a redirect inside of nginx comes here again.
void begin_request(const Exchange& x) noexcept {
  if (x.state->head_received) return;
  x.state->head_received = true;
  begin_connection(x.r, *x.peer);
}

ngx_int_t on_request(ngx_http_request_t* r) {
  const auto x = r == r->main ? exchange_of(r) : std::nullopt;
  if (!x) return NGX_DECLINED;
  begin_request(*x);
  watch_connection(*x);
  return NGX_DECLINED;
}

ngx_int_t on_header(ngx_http_request_t* r) {
  if (const auto x = r == r->main ? exchange_of(r) : std::nullopt) {
    watch_connection(*x);
    x->state->head_made = true;
    x->state->keepalive = r->keepalive != 0;
    watch_tunnel(r, *x->state);
  }
  return next_header_filter(r);
}

[[maybe_unused]] ngx_int_t on_body(ngx_http_request_t* r, ngx_chain_t* in) {
  if (r == r->main) {
    for (const ngx_chain_t* link = in; link != nullptr; link = link->next) {
      if (!link->buf->last_buf) continue;
      if (RequestState* state = request_state(r)) state->last_buffer = true;
    }
  }
  return next_body_filter(r, in);
}

/// Values cached while the request was served would be stale in the access log.
void forget_cached_variables(ngx_http_request_t* r) noexcept {
  const ngx_array_t& used = main_config(r).used_variables;
  const auto* indexes = static_cast<ngx_uint_t*>(used.elts);
  for (ngx_uint_t i = 0; i < used.nelts; ++i) {
    r->variables[indexes[i]].valid = 0;
    r->variables[indexes[i]].not_found = 0;
  }
}

ngx_int_t before_log(ngx_http_request_t* r) {
  if (r != r->main) return NGX_OK;
  forget_cached_variables(r);
  if (const auto x = exchange_of(r)) {
    x->state->in_log_phase = true;
    report_to_witness(*x);
  }
  return NGX_OK;
}

ngx_int_t after_log(ngx_http_request_t* r) {
  if (r != r->main) return NGX_OK;
  const RequestState* state = find_request_state(r);
  if (state != nullptr && state->observation.is_there()) return NGX_OK;
  if (auto* peer = find_peer_connection(real_connection(r))) peer->record.skip_response();
  return NGX_OK;
}

ngx_http_handler_pt* add_handler(ngx_http_core_main_conf_t* core, ngx_uint_t phase) noexcept {
  return static_cast<ngx_http_handler_pt*>(ngx_array_push(&core->phases[phase].handlers));
}

/// Before every handler that is there already, the access log among them.
bool add_first(ngx_http_core_main_conf_t* core, ngx_uint_t phase, ngx_http_handler_pt h) noexcept {
  if (add_handler(core, phase) == nullptr) return false;
  ngx_array_t& handlers = core->phases[phase].handlers;
  auto* first = static_cast<ngx_http_handler_pt*>(handlers.elts);
  ngx_memmove(first + 1, first, (handlers.nelts - 1) * sizeof(*first));
  *first = h;
  return true;
}

bool add_last(ngx_http_core_main_conf_t* core, ngx_uint_t phase, ngx_http_handler_pt h) noexcept {
  ngx_http_handler_pt* slot = add_handler(core, phase);
  if (slot != nullptr) *slot = h;
  return slot != nullptr;
}

void add_filters() noexcept {
  next_header_filter = ngx_http_top_header_filter;
  ngx_http_top_header_filter = on_header;
#if nginx_version < 1025000  // later versions set r->response_sent themselves
  next_body_filter = ngx_http_top_body_filter;
  ngx_http_top_body_filter = on_body;
#endif
}

}  // namespace

ngx_int_t install_hooks(ngx_conf_t* cf) noexcept {
  MainConfig& config = main_config(cf);
  if (!config.enabled_somewhere) return NGX_OK;
  if (!collect_used_variables(cf, config)) return NGX_ERROR;
  if (config.used_variables.nelts == 0 && config.witness == nullptr) return NGX_OK;
  auto* core = static_cast<ngx_http_core_main_conf_t*>(
      ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module));
  const bool added = add_last(core, NGX_HTTP_POST_READ_PHASE, on_request) &&
                     add_first(core, NGX_HTTP_LOG_PHASE, before_log) &&
                     add_last(core, NGX_HTTP_LOG_PHASE, after_log);
  if (!added) return NGX_ERROR;
  add_filters();
  return NGX_OK;
}

}  // namespace connfate::nginx

extern "C" ngx_int_t connfate_add_variables(ngx_conf_t* cf) {
  return connfate::nginx::add_variables(cf);
}

extern "C" ngx_int_t connfate_install_hooks(ngx_conf_t* cf) {
  return connfate::nginx::install_hooks(cf);
}

extern "C" ngx_int_t connfate_configured(ngx_cycle_t* cycle) {
  return connfate::nginx::add_prefix(cycle);
}

// SPDX-License-Identifier: Apache-2.0
#include "report.hpp"

#include <algorithm>
#include <chrono>

#include "config.hpp"
#include "http_connection.hpp"
#include "request.hpp"
#include "socket/witness.hpp"
#include "view.hpp"

namespace connfate::nginx {
namespace {

std::string_view text_of(const u_char* data, std::size_t size) noexcept {
  return {static_cast<const char*>(static_cast<const void*>(data)), size};
}

std::string_view text_of(const ngx_str_t& text) noexcept {
  return text_of(text.data, text.len);
}

/// As ngx_http_log_status() prints it (ngx_http_log_module.c, 1.22 to 1.31).
std::uint16_t logged_status(const ngx_http_request_t* r) noexcept {
  ngx_uint_t status = r->err_status != 0 ? r->err_status : r->headers_out.status;
  if (status == 0 && r->http_version == NGX_HTTP_VERSION_9) status = NGX_HTTP_VERSION_9;
  return static_cast<std::uint16_t>(status);
}

std::string_view request_id(ngx_http_request_t* r) noexcept {
  const ngx_int_t index = main_config(r).request_id;
  if (index < 0) return {};
  const auto* value = ngx_http_get_indexed_variable(r, static_cast<ngx_uint_t>(index));
  if (value == nullptr || value->not_found != 0) return {};
  return text_of(value->data, value->len);
}

/// As ngx_http_variable_request_time() counts it (ngx_http_variables.c, 1.22 to 1.31).
std::chrono::milliseconds duration_of(const ngx_http_request_t* r) noexcept {
  const ngx_time_t* now = ngx_timeofday();
  const auto passed =
      static_cast<std::int64_t>(now->sec - r->start_sec) * 1000 +
      (static_cast<std::int64_t>(now->msec) - static_cast<std::int64_t>(r->start_msec));
  return std::chrono::milliseconds(std::max<std::int64_t>(passed, 0));
}

Report report_of(ngx_http_request_t* r, const Observation& seen, const Flow& flow) noexcept {
  Report report;
  report.flow = flow;
  report.observation = seen;
  report.status = logged_status(r);
  report.server = "nginx";
  report.method = text_of(r->method_name);
  report.uri = path_of(text_of(r->unparsed_uri.len != 0 ? r->unparsed_uri : r->uri));
  report.host = text_of(r->headers_in.server);
  report.request_id = request_id(r);
  report.duration = duration_of(r);
  return report;
}

/// Whether nginx is on its way to the next request: ngx_http_set_keepalive() clears r->keepalive
/// before it logs, and who closes leaves it (1.22 to 1.26). No stream ends its connection.
bool is_followed(ngx_http_request_t* r) noexcept {
  if (is_http2(r)) return true;
  const RequestState* state = find_request_state(r);
  return state != nullptr && state->keepalive && r->keepalive == 0;
}

/// A report may wait when its connection certainly outlives this turn of the event loop.
bool may_wait(ngx_http_request_t* r, const ngx_connection_t* c, Fate fate) noexcept {
  const bool is_good = fate == Fate::kDelivered || fate == Fate::kPending;
  const bool leaves = ngx_exiting != 0 || ngx_terminate != 0;
  return is_good && is_followed(r) && c->error == 0 && c->timedout == 0 && !leaves;
}

}  // namespace

void report_to_witness(ngx_http_request_t* r) noexcept {
  Witness* witness = main_config(r).witness;
  if (witness == nullptr || !is_enabled(r) || !has_tcp(r)) return;
  const Observation* seen = observation(r, {.cookie = true, .ttl = true});
  ngx_connection_t* c = real_connection(r);
  const PeerConnection* peer = find_peer_connection(c);
  if (seen == nullptr || peer == nullptr) return;
  // Asks the kernel once per connection, if the listener's address is a wildcard.
  if (ngx_connection_local_sockaddr(c, nullptr, 0) != NGX_OK) return;
  const Flow flow{Endpoint::from(*c->local_sockaddr), Endpoint::from(*peer->address)};
  Report report = report_of(r, *seen, flow);
  tell(*witness, report, may_wait(r, c, seen->verdict.fate));
}

}  // namespace connfate::nginx

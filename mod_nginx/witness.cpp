// SPDX-License-Identifier: Apache-2.0
#include "witness.hpp"

#include <cstring>
#include <new>

#include "config.hpp"
#include "connection.hpp"
#include "request.hpp"
#include "view.hpp"

namespace connfate::nginx {
namespace {

/// Runs with the configuration's pool; its descriptor would outlive a reload without workers.
extern "C" void connfate_close_witness(void* data) {
  static_cast<Witness*>(data)->~Witness();
}

std::string_view text_of(const u_char* data, std::size_t size) noexcept {
  return {static_cast<const char*>(static_cast<const void*>(data)), size};
}

std::string_view text_of(const ngx_str_t& text) noexcept {
  return text_of(text.data, text.len);
}

template <typename Address>
Address copy_of(const sockaddr* address) noexcept {
  Address copy{};
  std::memcpy(&copy, address, sizeof copy);
  return copy;
}

Endpoint endpoint_of(const sockaddr* address) noexcept {
  if (address->sa_family == AF_INET6) {
    const auto ipv6 = copy_of<sockaddr_in6>(address);
    return Endpoint::from(ipv6.sin6_addr.s6_addr, ntohs(ipv6.sin6_port));
  }
  const auto ipv4 = copy_of<sockaddr_in>(address);
  std::array<std::uint8_t, sizeof ipv4.sin_addr> bytes{};
  std::memcpy(bytes.data(), &ipv4.sin_addr, bytes.size());
  return Endpoint::from(bytes, ntohs(ipv4.sin_port));
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
  return report;
}

/// Not in the request's words: this is about the process, and about nobody's request.
void log_loss(const Witness& witness, const std::optional<WitnessSocket::Loss>& loss) noexcept {
  if (!loss) return;
  ngx_log_error(NGX_LOG_WARN, ngx_cycle->log, loss->code,
                "connfate: the witness at \"%s\" took no report (%uL lost so far); responses "
                "are served and logged as ever, only their final verdicts will be missing",
                witness.socket.path(), loss->lost);
}

void flush(Witness& witness) noexcept {
  log_loss(witness, witness.batch.flush());
}

extern "C" void connfate_end_of_turn(ngx_event_t* event) {
  flush(*static_cast<Witness*>(event->data));
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

Witness::Witness(std::string_view path) noexcept : socket(path) {
  end_of_turn.handler = connfate_end_of_turn;
  end_of_turn.data = this;
}

Witness* make_witness(ngx_conf_t* cf, std::string_view path) noexcept {
  ngx_pool_cleanup_t* node = ngx_pool_cleanup_add(cf->pool, sizeof(Witness));
  if (node == nullptr) return nullptr;
  node->handler = connfate_close_witness;
  return new (node->data) Witness(path);
}

void report_to_witness(ngx_http_request_t* r) noexcept {
  Witness* witness = main_config(r).witness;
  if (witness == nullptr || !is_enabled(r) || !has_tcp(r)) return;
  const Observation* seen = observation(r, {.cookie = true, .ttl = true});
  ngx_connection_t* c = real_connection(r);
  const PeerConnection* peer = find_peer_connection(c);
  if (seen == nullptr || peer == nullptr) return;
  // Asks the kernel once per connection, if the listener's address is a wildcard.
  if (ngx_connection_local_sockaddr(c, nullptr, 0) != NGX_OK) return;
  const Flow flow{endpoint_of(c->local_sockaddr), endpoint_of(peer->address)};
  Report report = report_of(r, *seen, flow);
  log_loss(*witness, witness->batch.add(report));
  if (may_wait(r, c, seen->verdict.fate)) {
    witness->end_of_turn.log = ngx_cycle->log;
    ngx_post_event(&witness->end_of_turn, &ngx_posted_events);
  } else {
    flush(*witness);
  }
}

}  // namespace connfate::nginx

// SPDX-License-Identifier: Apache-2.0
#include "logged.hpp"

#include <algorithm>

#include "config.hpp"
#include "http_connection.hpp"
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

/// A variable that the configuration uses; nginx draws $request_id when somebody asks for it.
std::string_view used_variable(ngx_http_request_t* r, ngx_int_t index) noexcept {
  if (index < 0) return {};
  const auto* value = ngx_http_get_indexed_variable(r, static_cast<ngx_uint_t>(index));
  if (value == nullptr || value->not_found != 0) return {};
  return text_of(value->data, value->len);
}

/// The socket's own ends. Asks the kernel once per connection, if the listener's address is a
/// wildcard. nullopt for what is not TCP.
std::optional<Flow> flow_of(ngx_http_request_t* r) noexcept {
  ngx_connection_t* c = real_connection(r);
  const PeerConnection* peer = find_peer_connection(c);
  if (peer == nullptr || !has_tcp(r)) return std::nullopt;
  if (ngx_connection_local_sockaddr(c, nullptr, 0) != NGX_OK) return std::nullopt;
  return Flow{Endpoint::from(*c->local_sockaddr), Endpoint::from(*peer->address)};
}

/// realip put another address into the connection than its socket has.
bool is_claimed(const ngx_connection_t* c, const Flow& flow) noexcept {
  const bool is_ip = c->sockaddr->sa_family == AF_INET || c->sockaddr->sa_family == AF_INET6;
  return !is_ip || Endpoint::from(*c->sockaddr).address != flow.remote.address;
}

/// As ngx_http_log_request_time() counts it: whole milliseconds (ngx_http_log_module.c).
std::chrono::milliseconds duration_of(const ngx_http_request_t* r) noexcept {
  const ngx_time_t* now = ngx_timeofday();
  const std::chrono::milliseconds duration{(now->sec - r->start_sec) * 1000 +
                                           static_cast<std::int64_t>(now->msec) -
                                           static_cast<std::int64_t>(r->start_msec)};
  return std::max(duration, std::chrono::milliseconds{});
}

/// As $body_bytes_sent counts them.
std::uint64_t body_bytes(const ngx_http_request_t* r) noexcept {
  const off_t sent = r->connection->sent - static_cast<off_t>(r->header_size);
  return static_cast<std::uint64_t>(std::max(sent, off_t{}));
}

}  // namespace

LoggedRequest logged_request(ngx_http_request_t* r) noexcept {
  LoggedRequest request;
  request.logged_at = wall_clock();
  request.duration = duration_of(r);
  request.flow = flow_of(r);
  if (!request.flow || is_claimed(r->connection, *request.flow)) {
    request.remote_addr = text_of(r->connection->addr_text);
  }
  request.method = text_of(r->method_name);
  request.host = text_of(r->headers_in.server);
  request.uri = path_of(text_of(r->unparsed_uri.len != 0 ? r->unparsed_uri : r->uri));
  request.status = logged_status(r);
  request.bytes = body_bytes(r);
  request.request_id = used_variable(r, main_config(r).request_id);
  request.trace_id = used_variable(r, main_config(r).trace_id);
  return request;
}

}  // namespace connfate::nginx

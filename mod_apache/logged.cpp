// SPDX-License-Identifier: Apache-2.0
#include "logged.hpp"

#include <algorithm>

#include "connection.hpp"
#include "request.hpp"
#include "view.hpp"

namespace connfate::apache {
namespace {

/// What mod_otel of opentelemetry-cpp-contrib sets, and SetEnvIf can (docs/opentelemetry.md).
constexpr const char* kTraceId = "OTEL_TRACEID";

std::string_view text_of(const char* text) noexcept {
  return text != nullptr ? text : "";
}

Endpoint endpoint_of(const apr_sockaddr_t& address) noexcept {
  const auto* bytes = static_cast<const std::uint8_t*>(address.ipaddr_ptr);
  return Endpoint::from({bytes, static_cast<std::size_t>(address.ipaddr_len)}, address.port);
}

/// mod_remoteip may have put another address into the connection's record.
Endpoint peer_of(conn_rec* c) noexcept {
  apr_sockaddr_t* address = nullptr;
  apr_socket_t* socket = ap_get_conn_socket(c);
  if (socket == nullptr || apr_socket_addr_get(&address, APR_REMOTE, socket) != APR_SUCCESS) {
    address = c->client_addr;
  }
  return endpoint_of(*address);
}

/// The socket's own ends; nullopt for what is not TCP.
std::optional<Flow> flow_of(request_rec* r) noexcept {
  if (!has_tcp(r)) return std::nullopt;
  conn_rec* c = real_connection(r->connection);
  return Flow{endpoint_of(*c->local_addr), peer_of(c)};
}

/// mod_remoteip believes that the client is another one than the socket's peer.
bool is_claimed(const request_rec* r, const Flow& flow) noexcept {
  const apr_sockaddr_t* claimed = r->useragent_addr;
  return claimed != nullptr && endpoint_of(*claimed).address != flow.remote.address;
}

}  // namespace

LoggedRequest logged_request(request_rec* r) noexcept {
  r = root_of(r);
  request_rec* answer = answering(r);
  LoggedRequest request;
  request.logged_at = wall_clock();
  request.duration = std::max(request.logged_at - std::chrono::microseconds{r->request_time}, {});
  request.flow = flow_of(r);
  if (!request.flow || is_claimed(r, *request.flow)) request.remote_addr = text_of(r->useragent_ip);
  request.method = text_of(r->method);
  request.host = text_of(r->hostname);
  request.uri = path_of(text_of(r->unparsed_uri));
  request.status = static_cast<std::uint16_t>(answer->status);
  request.bytes = static_cast<std::uint64_t>(answer->bytes_sent);
  request.request_id = text_of(apr_table_get(r->subprocess_env, "UNIQUE_ID"));
  request.trace_id = text_of(apr_table_get(r->subprocess_env, kTraceId));
  return request;
}

}  // namespace connfate::apache

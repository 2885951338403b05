// SPDX-License-Identifier: Apache-2.0
#include "report.hpp"

#include <algorithm>
#include <chrono>

#include "config.hpp"
#include "connection.hpp"
#include "request.hpp"
#include "view.hpp"
#include "witness.hpp"

namespace connfate::apache {
namespace {

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

/// As mod_log_config's %D counts it (2.4), at this moment.
std::chrono::microseconds duration_of(const request_rec* r) noexcept {
  return std::chrono::microseconds(std::max<apr_time_t>(apr_time_now() - r->request_time, 0));
}

Report report_of(request_rec* r, const Observation& seen) noexcept {
  conn_rec* c = real_connection(r->connection);
  Report report;
  report.flow = {endpoint_of(*c->local_addr), peer_of(c)};
  report.observation = seen;
  report.status = static_cast<std::uint16_t>(answering(r)->status);
  report.server = "httpd";
  report.method = text_of(r->method);
  report.uri = path_of(text_of(r->unparsed_uri));
  report.host = text_of(r->hostname);
  report.request_id = text_of(apr_table_get(r->subprocess_env, "UNIQUE_ID"));
  report.duration = duration_of(r);
  return report;
}

}  // namespace

void report_to_witness(request_rec* r) noexcept {
  r = root_of(r);
  WitnessSocket* witness = witness_of(r->connection);
  if (witness == nullptr || !is_enabled(r) || !has_tcp(r)) return;
  const Observation* seen = observation(r, {.cookie = true, .ttl = true});
  if (seen == nullptr) return;
  Report report = report_of(r, *seen);
  tell(*witness, report);
}

}  // namespace connfate::apache

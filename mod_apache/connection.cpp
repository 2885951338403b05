// SPDX-License-Identifier: Apache-2.0
#include "connection.hpp"

#include <new>

namespace connfate::apache {
namespace {

template <typename T>
T* make(apr_pool_t* pool) noexcept {
  return new (apr_palloc(pool, sizeof(T))) T();
}

void* config_of(const conn_rec* c) noexcept {
  return ap_get_module_config(c->conn_config, &connfate_module);
}

}  // namespace

bool ClientConnection::read_ended() const noexcept {
  return read_eof || read_timed_out || record.first_error.was_on(Operation::kRead);
}

int ClientConnection::descriptor() const noexcept {
  apr_socket_t* socket = ap_get_conn_socket(connection);
  apr_os_sock_t fd = -1;
  if (socket == nullptr || apr_os_sock_get(&fd, socket) != APR_SUCCESS) return -1;
  return fd;
}

conn_rec* real_connection(conn_rec* c) noexcept {
  return c->master != nullptr ? c->master : c;
}

ClientConnection* find_client_connection(conn_rec* c) noexcept {
  c = real_connection(c);
  return c->outgoing ? nullptr : static_cast<ClientConnection*>(config_of(c));
}

void watch_connection(conn_rec* c) noexcept {
  if (c->outgoing || c->master != nullptr) return;
  auto* client = make<ClientConnection>(c->pool);
  client->connection = c;
  client->held = apr_brigade_create(c->pool, c->bucket_alloc);
  ap_set_module_config(c->conn_config, &connfate_module, client);
}

void begin_connection(ClientConnection& client) noexcept {
  if (client.started) return;
  client.started = true;
  if (ap_ssl_conn_is_ssl(client.connection)) client.record.set_baseline(client.descriptor());
}

}  // namespace connfate::apache

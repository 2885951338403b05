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

bool PeerConnection::read_ended() const noexcept {
  return read_eof || goodbye || read_timed_out || record.first_error.was_on(Operation::kRead);
}

std::chrono::nanoseconds monotonic_now() noexcept {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

std::chrono::milliseconds PeerConnection::since_read() const noexcept {
  return std::chrono::duration_cast<std::chrono::milliseconds>(monotonic_now() - last_read);
}

int PeerConnection::descriptor() const noexcept {
  apr_socket_t* socket = ap_get_conn_socket(connection);
  apr_os_sock_t fd = -1;
  if (socket == nullptr || apr_os_sock_get(&fd, socket) != APR_SUCCESS) return -1;
  return fd;
}

conn_rec* real_connection(conn_rec* c) noexcept {
  return c->master != nullptr ? c->master : c;
}

PeerConnection* find_peer_connection(conn_rec* c) noexcept {
  c = real_connection(c);
  return c->outgoing ? nullptr : static_cast<PeerConnection*>(config_of(c));
}

void watch_connection(conn_rec* c) noexcept {
  if (c->outgoing || c->master != nullptr) return;
  auto* peer = make<PeerConnection>(c->pool);
  peer->connection = c;
  peer->held = apr_brigade_create(c->pool, c->bucket_alloc);
  ap_set_module_config(c->conn_config, &connfate_module, peer);
}

void begin_connection(PeerConnection& peer) noexcept {
  if (peer.started) return;
  peer.started = true;
  if (ap_ssl_conn_is_ssl(peer.connection)) peer.record.set_baseline(peer.descriptor());
}

}  // namespace connfate::apache

// SPDX-License-Identifier: Apache-2.0
#include "socket/connection.hpp"

#include <new>

#if (NGX_SSL)
// Weak: an nginx that was built without OpenSSL must still be able to load us.
extern "C" {
BIO* SSL_get_rbio(const SSL* ssl) __attribute__((weak));
uint64_t BIO_number_read(BIO* bio) __attribute__((weak));
}
#endif

namespace connfate::nginx {
namespace {

/// Its address also marks our cleanup node.
extern "C" void connfate_forget_connection(void* peer) {
  ngx_free(peer);
}

}  // namespace

PeerConnection* find_peer_connection(ngx_connection_t* c) noexcept {
  for (ngx_pool_cleanup_t* node = c->pool->cleanup; node != nullptr; node = node->next) {
    if (node->handler != connfate_forget_connection) continue;
    auto* peer = static_cast<PeerConnection*>(node->data);
    // A stream{} upstream connection shares its client's pool, but not its descriptor.
    if (peer->fd == c->fd) return peer;
  }
  return nullptr;
}

PeerConnection* peer_connection(ngx_connection_t* c) noexcept {
  if (auto* known = find_peer_connection(c)) return known;
  ngx_pool_cleanup_t* node = ngx_pool_cleanup_add(c->pool, 0);
  if (node == nullptr) return nullptr;
  void* memory = ngx_alloc(sizeof(PeerConnection), c->log);
  if (memory == nullptr) return nullptr;  // a node without a handler is skipped
  auto* peer = new (memory) PeerConnection(c);
  node->data = peer;
  node->handler = connfate_forget_connection;
  if (c->ssl != nullptr) peer->record.skip_response();  // the handshake came before
  return peer;
}

std::optional<Bytes> bytes_taken(const ngx_connection_t* c, const PeerConnection& peer) noexcept {
  if (c->ssl == nullptr) {
    return peer.counts_reads ? std::optional<Bytes>(peer.bytes_read) : std::nullopt;
  }
#if (NGX_SSL)
  if (SSL_get_rbio != nullptr && BIO_number_read != nullptr) {
    if (BIO* bio = SSL_get_rbio(c->ssl->connection)) return Bytes{BIO_number_read(bio)};
  }
#endif
  return std::nullopt;
}

}  // namespace connfate::nginx

// SPDX-License-Identifier: Apache-2.0
#include "socket/connection.hpp"

#include <new>

#include "socket/tap.hpp"

#if (NGX_SSL)
// Weak: an nginx that was built without OpenSSL must still be able to load us.
extern "C" {
int SSL_get_shutdown(const SSL* ssl) __attribute__((weak));
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

/// Bytes that OpenSSL took from the socket.
std::optional<Bytes> bytes_read_by_openssl(const ngx_connection_t* c) noexcept {
#if (NGX_SSL)
  if (SSL_get_rbio != nullptr && BIO_number_read != nullptr) {
    if (BIO* bio = SSL_get_rbio(c->ssl->connection)) return Bytes{BIO_number_read(bio)};
  }
#endif
  return std::nullopt;
}

/// The handshake came before any response.
void begin_tls(const ngx_connection_t* c, PeerConnection& peer) noexcept {
  peer.record.skip_response();
  peer.counts_reads = true;
  if (c->proxy_protocol != nullptr) count_by_the_kernel(c, peer);
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
  if (c->ssl != nullptr) begin_tls(c, *peer);
  return peer;
}

std::optional<Bytes> bytes_taken(const ngx_connection_t* c, const PeerConnection& peer) noexcept {
  if (!peer.counts_reads) return std::nullopt;
  if (c->ssl == nullptr) return taps_reads(c) ? std::optional(peer.bytes_read) : std::nullopt;
  const auto by_openssl = bytes_read_by_openssl(c);
  return by_openssl ? std::optional(*by_openssl + peer.bytes_read) : std::nullopt;
}

void count_by_the_kernel(const ngx_connection_t* c, PeerConnection& peer) noexcept {
  const auto taken = read_bytes_taken(c->fd);
  const auto by_openssl = c->ssl != nullptr ? bytes_read_by_openssl(c) : Bytes{};
  peer.counts_reads = taken && by_openssl;
  if (peer.counts_reads) peer.bytes_read = *taken - *by_openssl;
}

bool goodbye_seen(const ngx_connection_t* c) noexcept {
#if (NGX_SSL)
  return c->ssl != nullptr && SSL_get_shutdown != nullptr &&
         (SSL_get_shutdown(c->ssl->connection) & SSL_RECEIVED_SHUTDOWN) != 0;
#else
  return c == nullptr;
#endif
}

}  // namespace connfate::nginx

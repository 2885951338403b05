// SPDX-License-Identifier: Apache-2.0
#include "tunnel.hpp"

#include <new>
#include <span>
#include <string_view>

#include "connection.hpp"
#include "connfate/response_range.hpp"

namespace connfate::apache {
namespace {

constexpr const char* kFilterName = "CONNFATE_TUNNEL";

/// Skips the answer's head, which goes by in front of the frames (ap_send_interim_response).
void take(std::span<const unsigned char> bytes, Tunnel& tunnel) noexcept {
  constexpr std::string_view kHeadEnd = "\r\n\r\n";
  while (!bytes.empty() && tunnel.head_matched < kHeadEnd.size()) {
    const bool matches = bytes.front() == kHeadEnd[tunnel.head_matched];
    const auto restarted = static_cast<std::uint8_t>(bytes.front() == '\r' ? 1 : 0);
    tunnel.head_matched = matches ? tunnel.head_matched + 1 : restarted;
    bytes = bytes.subspan(1);
  }
  tunnel.to_client.take(bytes);
}

/// Above TLS. mod_proxy's buckets lie in memory (ap_proxy_buckets_lifetime_transform); what does
/// not is no tunnel's, and would cost a read.
apr_status_t watch_sent(ap_filter_t* f, apr_bucket_brigade* bb) noexcept {
  auto& tunnel = *static_cast<Tunnel*>(f->ctx);
  for (apr_bucket* b = APR_BRIGADE_FIRST(bb); tunnel.is_watched && b != APR_BRIGADE_SENTINEL(bb);
       b = APR_BUCKET_NEXT(b)) {
    if (APR_BUCKET_IS_METADATA(b)) continue;
    const char* bytes = nullptr;
    apr_size_t size = 0;
    const bool in_memory = APR_BUCKET_IS_TRANSIENT(b) || APR_BUCKET_IS_HEAP(b) ||
                           APR_BUCKET_IS_POOL(b) || APR_BUCKET_IS_IMMORTAL(b);
    tunnel.is_watched =
        in_memory && apr_bucket_read(b, &bytes, &size, APR_NONBLOCK_READ) == APR_SUCCESS;
    if (tunnel.is_watched) take({reinterpret_cast<const unsigned char*>(bytes), size}, tunnel);
  }
  return ap_pass_brigade(f->next, bb);
}

}  // namespace

void register_tunnel_filter() noexcept {
  // Above TLS, which is at AP_FTYPE_CONNECTION + 5.
  ap_register_output_filter(kFilterName, watch_sent, nullptr, AP_FTYPE_CONNECTION);
}

void watch_tunnel(request_rec* r, PeerConnection& peer) noexcept {
  const char* upgrade = apr_table_get(r->headers_in, "Upgrade");
  const bool asks = upgrade != nullptr || r->method_number == M_CONNECT;
  if (!asks || r->connection->master != nullptr) return;
  if (peer.tunnel == nullptr) {
    peer.tunnel = new (apr_palloc(r->connection->pool, sizeof(Tunnel))) Tunnel();
    ap_add_output_filter(kFilterName, peer.tunnel, nullptr, r->connection);
  }
  Tunnel& tunnel = *peer.tunnel;
  tunnel = Tunnel();
  tunnel.is_websocket = upgrade != nullptr && strcasecmp(upgrade, "websocket") == 0;
  tunnel.is_asked_for = tunnel.is_watched = true;
}

void note_tunnel_end(PeerConnection& peer) noexcept {
  if (peer.tunnel == nullptr || !peer.tunnel->is_asked_for || peer.tunnel->end_seen) return;
  peer.tunnel->end_seen = true;
  const auto snapshot = read_tcp_snapshot(peer.descriptor());
  peer.tunnel->backend_left_first =
      snapshot && (has_sent_fin(snapshot->state) ||
                   (snapshot->state == TcpState::kClose && own_fin_acked(*snapshot)));
}

bool tunnel_complete(const PeerConnection& peer) noexcept {
  const Tunnel& tunnel = *peer.tunnel;
  return tunnel.is_websocket ? tunnel.to_client.closed() : tunnel.backend_left_first;
}

void forget_tunnel(PeerConnection& peer) noexcept {
  if (peer.tunnel != nullptr) *peer.tunnel = Tunnel();
}

}  // namespace connfate::apache

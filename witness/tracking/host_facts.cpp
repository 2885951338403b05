// SPDX-License-Identifier: Apache-2.0
#include "witness/tracking/host_facts.hpp"

#include <algorithm>
#include <memory>

namespace connfate::witness {
namespace {

/// On a busy host the end of a socket is told this much later, at most, than the kernel noted how
/// long ago the socket had last done something.
constexpr Duration kLateEvent = std::chrono::seconds(2);

/// The socket sent or took something then, or a look-up found it alive.
std::optional<Instant> alive_at(const Known& known, const TcpSnapshot& last) {
  if (!known.ended) return last.is_live() ? known.taken_at : known.alive_at;
  const Duration age = std::min<Duration>(last.last_data_sent, last.silence());
  return std::max(known.alive_at.value_or(Instant{}), *known.ended_at - age - kLateEvent);
}

/// All that a client can acknowledge, and our FIN. Two ways to count it; neither says too little.
std::optional<Bytes> written(const SocketRecord& socket) {
  const TcpSnapshot& last = *socket.snapshot;
  if (!last.bytes_acked) return std::nullopt;
  const Bytes queued = *last.bytes_acked + socket.unacked;
  const Bytes sent = last.bytes_sent.value_or(Bytes{}) - last.bytes_retrans.value_or(Bytes{}) +
                     last.notsent.value_or(Bytes{}) + Bytes{1};
  return std::max(queued, sent);
}

}  // namespace

HostFacts host_facts(const Known& known) {
  HostFacts host;
  host.handshake_ttl = known.ttl;
  host.destroyed_at = known.ended_at;
  host.packets_lost = known.wire.lost;
  if (known.socket == nullptr) return host;
  if (known.socket->has_unread_data()) host.unread = known.socket->unread;
  if (!known.socket->snapshot) return host;
  const TcpSnapshot& last = *known.socket->snapshot;
  host.min_rtt = last.min_rtt;
  host.min_rtt_is_one_sample = last.rttvar == last.rtt / 2;  // tcp_rtt_estimator(), 6.1
  if (known.socket->is_wiped()) return host;
  host.alive_at = alive_at(known, last);
  host.written = written(*known.socket);
  const auto looked_at = known.ended ? known.ended_at : known.taken_at;
  if (looked_at) host.last_heard = *looked_at - last.silence();
  if (!known.ended) return host;
  host.segments_in = last.segs_in;
  host.bytes_received = last.bytes_received;
  host.bytes_acked = last.bytes_acked;
  return host;
}

Known admissible(const Known& all) {
  Known known = all;
  const auto own = std::make_shared<const WireHistory>(all.wire.history->admitted(host_facts(all)));
  known.wire.lost += own->own_forgotten();
  known.wire.history = own;
  return known;
}

}  // namespace connfate::witness

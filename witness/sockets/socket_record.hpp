// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides SocketRecord: what the kernel's SOCK_DIAG says about one TCP socket, either in the
// multicast it sends when the socket is destroyed, or in answer to a look-up by cookie. Both carry
// the same message (struct inet_diag_msg and attributes; include/uapi/linux/inet_diag.h).
// Surprising:
//  - In the destroy message the state is always CLOSE, whatever the end was.
//  - After a close with SO_LINGER 0 the kernel has wiped the counters and the remote port; only the
//    cookie is left (tcp_disconnect, net/ipv4/tcp.c). `is_wiped` says so.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "connfate/endpoint.hpp"
#include "connfate/tcp_snapshot.hpp"

namespace connfate::witness {

struct SocketRecord {
  std::uint64_t cookie = 0;
  Flow flow;
  TcpState state = TcpState::kClose;
  Bytes unacked;  ///< idiag_wqueue: accepted and not acknowledged, our queued FIN counted as one
  Bytes unread;   ///< idiag_rqueue: received and never read; the client's FIN counts as one
  std::optional<TcpSnapshot> snapshot;

  bool is_wiped() const noexcept { return flow.remote.port == 0; }

  /// What is left of a socket that closed first, once the peer acknowledged its FIN, and with it
  /// all data before: its counters are gone, its cookie is not (inet_twsk_alloc(),
  /// net/ipv4/inet_timewait_sock.c, 6.1).
  bool has_acknowledged_fin() const noexcept {
    return !snapshot && (state == TcpState::kTimeWait || state == TcpState::kFinWait2);
  }

  /// Data, not only a FIN, was never read: closing such a socket sends a RST (tcp_close(),
  /// net/ipv4/tcp.c, which does not count the FIN either).
  bool has_unread_data() const noexcept { return unread > Bytes{1}; }
};

/// Decodes one netlink message's payload (what follows struct nlmsghdr). nullopt when it is cut
/// short or not about TCP.
std::optional<SocketRecord> decode_inet_diag(std::span<const std::byte> payload) noexcept;

}  // namespace connfate::witness

// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the states of RFC 9293 as Linux numbers and names them (include/net/tcp_states.h; the
// numbers are part of the user-space interface and have not changed since 2.4).
// Surprising: kClose does not mean "closed in an orderly way". It is also the state after a RST,
// after a retransmission timeout and after an ICMP error that ended the retransmissions.

#include <cstdint>
#include <string_view>

namespace connfate {

enum class TcpState : std::uint8_t {
  kEstablished = 1,
  kSynSent = 2,
  kSynRecv = 3,
  kFinWait1 = 4,
  kFinWait2 = 5,
  kTimeWait = 6,
  kClose = 7,
  kCloseWait = 8,
  kLastAck = 9,
  kListen = 10,
  kClosing = 11,
  kNewSynRecv = 12,
};

/// The kernel's name without its TCP_ prefix, for example "CLOSE_WAIT"; "-" for a number that no
/// kernel has given a name yet.
std::string_view to_token(TcpState state) noexcept;

/// True once this host has sent, or queued, its own FIN: FIN_WAIT1, FIN_WAIT2, CLOSING, LAST_ACK,
/// TIME_WAIT. False in CLOSE, which forgets.
bool has_sent_fin(TcpState state) noexcept;

/// True once the peer's FIN has arrived, as far as the state still says: CLOSE_WAIT, LAST_ACK,
/// CLOSING, TIME_WAIT. False in CLOSE, which forgets.
bool has_received_fin(TcpState state) noexcept;

}  // namespace connfate

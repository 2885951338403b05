// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the place of one response in the byte stream that the server writes on a connection:
//
//        previous response        this response           (our FIN counts one more)
//   0 ------------------- start ------------------ end
//                           |---- acked ----|-- unacked --|
//                                               |- notsent -|
//
// Used by observation.cpp. All offsets count from the first byte written after accept().
// Surprising: bytes_sent - bytes_retrans + notsent is the write offset only while nothing was
// retransmitted and nothing was dropped on this host; then bytes_acked + SIOCOUTQ is exact
// (measured: a locally dropped segment is counted as sent and stays "not sent").

#include <optional>

#include "connfate/tcp_snapshot.hpp"

namespace connfate {

/// True when the peer acknowledged our FIN. In CLOSE, which forgets, more bytes were acknowledged
/// than data was sent: both directions ended in order, whatever came later.
bool own_fin_acked(const TcpSnapshot& snapshot) noexcept;

/// Bytes accepted but never put on the wire, our FIN not counted; nullopt before 4.6.
std::optional<Bytes> unsent_data(const TcpSnapshot& snapshot, bool fin_sent) noexcept;

/// True when the snapshot alone does not give the write offset exactly, so that SIOCOUTQ is worth
/// its system call.
bool needs_output_queue(const TcpSnapshot& snapshot) noexcept;

/// The write offset: how many bytes the server has put into the connection, its FIN not counted.
/// `output_queue` must have been read before the snapshot: what was acknowledged in between is then
/// counted twice, and never missed; the smaller of the two formulas is the offset.
/// `write_shut_down` says that a FIN was queued although the state (CLOSE) no longer tells.
/// nullopt when the kernel is too old to say (before 4.1).
std::optional<Bytes> write_offset(const TcpSnapshot& snapshot, std::optional<Bytes> output_queue,
                                  bool write_shut_down) noexcept;

/// Whether the peer acknowledged every byte up to `end`; nullopt when the kernel cannot tell.
std::optional<bool> acknowledged_up_to(const TcpSnapshot& snapshot, std::optional<Bytes> end,
                                       std::optional<Bytes> output_queue) noexcept;

/// The part of [start, end) that was acknowledged.
Bytes acknowledged_part(Bytes start, Bytes end, Bytes bytes_acked) noexcept;

}  // namespace connfate

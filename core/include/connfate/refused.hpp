// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the count of what this host refused to send: its own firewall, a route, a queue said no
// to a segment that TCP wanted out. The kernel counts each such attempt as sent (tcp_write_xmit()
// and __tcp_transmit_skb(), net/ipv4/tcp_output.c, 6.1) but leaves its bytes unsent, so that its
// counters disagree by exactly as much. Used by observation.cpp and evidence.cpp.
// Surprising: it counts attempts. 3000 bytes that were tried three times are 9000. A repeat of what
// had once been sent is not in it, whoever refused it.

#include <optional>

#include "connfate/tcp_snapshot.hpp"

namespace connfate {

/// Bytes of the connection's life that this host refused to send. `output_queue` (SIOCOUTQ, or
/// idiag_wqueue) must be of the very moment of the snapshot: an acknowledgement or a write between
/// the two would count as well. One byte is never told: our FIN may be the difference. nullopt on
/// kernels that do not count what they sent (before 4.19).
std::optional<Bytes> refused_bytes(const TcpSnapshot& snapshot, Bytes output_queue) noexcept;

/// Nothing is on its way and data waits, although the peer's window has room for a segment: what is
/// missing was kept back by this host. nullopt of a window that the kernel does not tell (before
/// 5.4) is no.
bool is_all_kept_here(const TcpSnapshot& snapshot, Bytes output_queue) noexcept;

/// The same of a response that begins at `start`, while which this host refused `refused` bytes,
/// and of this very moment: whatever was refused before may have gone out since. The kernel would
/// have sent again by now where its timer has run out since the peer was last heard, or where a
/// whole segment waits on a living socket, which every packet of the peer makes it try anew
/// (tcp_data_snd_check(), net/ipv4/tcp_input.c, 6.1). And where nothing of the response was
/// acknowledged, all that was refused of it is missing.
bool is_kept_here(const TcpSnapshot& snapshot, Bytes output_queue, Bytes refused,
                  std::optional<Bytes> start) noexcept;

}  // namespace connfate

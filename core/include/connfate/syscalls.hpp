// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides every system call that core makes on a client's socket: five reads of its state.
// Used by the connection's record (connection.hpp); tests pass their own Syscalls to answer in the
// kernel's place.
// Surprising: none of these consumes the socket's pending error. SO_ERROR, recv (also with
// MSG_PEEK) and send (also of 0 bytes) would steal it from the web server, so core has no way to
// call them.

#include <cstdint>
#include <optional>

#include "connfate/tcp_snapshot.hpp"

namespace connfate {

/// The seam: the two functions of the kernel that core uses.
struct Syscalls {
  int (*getsockopt)(int fd, int level, int name, void* value, unsigned* length) noexcept;
  int (*ioctl)(int fd, unsigned long request, int* value) noexcept;
};

/// The running kernel.
const Syscalls& kernel() noexcept;

/// One getsockopt(TCP_INFO). nullopt when the socket is not TCP or the descriptor is dead.
std::optional<TcpSnapshot> read_tcp_snapshot(int fd, const Syscalls& calls = kernel()) noexcept;

/// One ioctl(SIOCOUTQ): bytes accepted but not acknowledged, our queued FIN included as one.
std::optional<Bytes> read_output_queue(int fd, const Syscalls& calls = kernel()) noexcept;

/// One ioctl(SIOCINQ): bytes that lie in the socket unread, a FIN not counted.
std::optional<Bytes> read_input_queue(int fd, const Syscalls& calls = kernel()) noexcept;

/// One getsockopt(SO_COOKIE): the kernel's name of the socket, unique while the host is up (4.12).
std::optional<std::uint64_t> read_cookie(int fd, const Syscalls& calls = kernel()) noexcept;

/// TTL, or IPv6 hop limit, of the third packet of the client's handshake: an accepted socket starts
/// with it as its own multicast TTL (tcp_v4_syn_recv_sock: newinet->mc_ttl, net/ipv4/tcp_ipv4.c,
/// 6.1 to 6.18). Two getsockopts: the address family, then the TTL.
std::optional<std::uint8_t> read_handshake_ttl(int fd, const Syscalls& calls = kernel()) noexcept;

}  // namespace connfate

// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides DiagSource: the end of every TCP socket of this network namespace, as the kernel
// announces it (SOCK_DIAG destroy multicast, IPv4 and IPv6; needs no privilege).
// Used by the service, which waits for fd() and reads in bounded turns.
// Surprising:
//  - The kernel never waits for us: what finds the receive buffer full is gone. How many were lost
//    is known exactly (take_lost), which ones is not.
//  - An event is charged 1280 bytes of the buffer, though it is 380 long.
//  - Only sockets that end while this object lives are announced.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "witness/sockets/socket_record.hpp"
#include "witness/sources/sock_diag.hpp"

namespace connfate::witness {

class DiagSource {
 public:
  using OnEnd = std::function<void(const SocketRecord&)>;

  /// Room for 52 000 ends; memory that is used only while they wait.
  static constexpr std::size_t kReceiveBuffer = std::size_t{64} << 20U;

  /// Asks for a receive buffer of that many bytes; what was granted, receive_buffer() says.
  /// Throws std::system_error when the kernel has no SOCK_DIAG.
  explicit DiagSource(std::size_t receive_buffer = kReceiveBuffer);

  int fd() const noexcept;

  /// Bytes, as the kernel counts them. Without CAP_NET_ADMIN it is limited by net.core.rmem_max.
  std::size_t receive_buffer() const noexcept;

  /// Hands out what waits, at most `limit` events; returns how many there were. Returns
  /// fewer than `limit` when nothing waits any more. Throws std::system_error.
  std::size_t read(std::size_t limit, const OnEnd& on_end);

  /// Ends that the kernel dropped, or that could not be decoded, since the last call.
  std::uint64_t take_lost() noexcept;

 private:
  static constexpr std::size_t kBatch = 64;
  static constexpr std::size_t kMessage = 2048;

  SockDiag socket_;
  std::vector<std::byte> buffer_;
  std::uint32_t drops_ = 0;  ///< the kernel's counter at the last look; it wraps
  std::uint64_t undecodable_ = 0;
};

/// Hands out the records of one datagram of the kernel, which begins at a multiple of four; returns
/// how many of its messages were not understood, a cut one included.
std::size_t decode_socket_ends(std::span<const std::byte> datagram,
                               const DiagSource::OnEnd& on_end);

}  // namespace connfate::witness

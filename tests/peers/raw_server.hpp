// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the other end of a Client where a test wants no server in between: a bare listening
// socket whose accepted descriptors the test reads and writes with system calls, to see the errno
// itself.

#include <linux/tcp.h>

#include <string>
#include <utility>

#include "peers/address.hpp"

namespace connfate::peers {

/// An accepted socket; read and write give up after 10 s (EAGAIN).
class RawSocket {
 public:
  explicit RawSocket(int fd) : fd_(fd) {}
  RawSocket(RawSocket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  ~RawSocket();

  int fd() const { return fd_; }
  /// The bytes read; 0 at FIN; minus errno on failure.
  long read(std::size_t at_most = 65536) const;
  /// Reads until something else than data comes: 0 or minus errno.
  long read_to_end() const;
  std::string read_bytes(std::size_t count) const;  ///< fewer when something else comes
  void write(const std::string& bytes) const;
  /// Writes without blocking until the kernel takes no more; the bytes it took.
  std::size_t fill() const;
  tcp_info info() const;

 private:
  int fd_;
};

class RawServer {
 public:
  /// `protocol`: 0 for TCP, or IPPROTO_MPTCP.
  explicit RawServer(const std::string& ip = "127.0.0.1", int protocol = 0);
  ~RawServer();
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;

  Address address() const { return address_; }
  RawSocket accept() const;  ///< throws std::runtime_error after 10 s

 private:
  int fd_;
  Address address_;
};

}  // namespace connfate::peers

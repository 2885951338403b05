// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Loopback: an established TCP connection between a client and an accepted server socket
// on this host, whose ends misbehave on command, and eventually(): waiting with a deadline.

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>

#include "connfate/tcp_snapshot.hpp"

namespace connfate::fixture {

/// Owns a descriptor.
class Socket {
 public:
  explicit Socket(int fd = -1) noexcept : fd_(fd) {}
  Socket(Socket&& other) noexcept : fd_(other.release()) {}
  Socket& operator=(Socket&& other) noexcept;
  ~Socket() { close(); }

  int fd() const noexcept { return fd_; }
  void close() noexcept;

 private:
  int release() noexcept;

  int fd_;
};

/// Repeats `holds` until it does; false when it did not within five seconds.
bool eventually(const std::function<bool()>& holds);

struct LoopbackOptions {
  bool ipv6 = false;
  int client_ttl = 0;             ///< 0: the default
  int client_receive_buffer = 0;  ///< 0: the default
};

/// Throws std::system_error when the host cannot make one (no IPv6, say).
class Loopback {
 public:
  explicit Loopback(const LoopbackOptions& options = {});

  int server() const noexcept { return server_.fd(); }
  int client() const noexcept { return client_.fd(); }

  /// Bytes that the server's kernel took: all of them, or fewer when the send buffer is full.
  std::size_t server_sends(std::size_t count) const;
  void server_shuts_down() const;
  void server_closes() { server_.close(); }  ///< a FIN, or a RST when data is unread
  void client_sends(std::size_t count) const;
  void client_shuts_down() const;  ///< half-close: a FIN, and it still reads
  void client_reads(std::size_t count) const;
  void client_closes() { client_.close(); }  ///< a FIN, or a RST when data is unread
  void client_resets();                      ///< SO_LINGER 0

  /// Waits until the server's socket looks like that.
  bool server_sees(const std::function<bool(const TcpSnapshot&)>& holds) const;
  bool server_sees(TcpState state) const;
  bool server_has_all_acked() const;

 private:
  Socket client_;
  Socket server_;
};

}  // namespace connfate::fixture

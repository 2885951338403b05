// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides bytes in and out of one TCP connection, optionally through TLS, each with a deadline.
// Used by Client, KilledProcess and the backend's sessions; tests use Client.
// All I/O happens in the calling thread, on sockets made in it: a thread that has entered a network
// namespace keeps its sockets there. Only interrupt() may be called from another thread.
// Surprising: in cleartext nothing is ever read ahead of the caller's buffer, because what lies in
// the receive queue decides between FIN and RST at close(). TLS reads up to 17 KiB ahead.
// Failure: a reset (ECONNRESET, EPIPE) is an outcome, not an error; everything else throws
// std::runtime_error, as does an expired deadline unless stated otherwise.

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "peers/address.hpp"
#include "peers/client_options.hpp"

namespace connfate::peers {

/// Its destructor acts as close().
class Connection {
 public:
  virtual ~Connection() = default;

  /// 0: end of stream, reset, or interrupted. nullopt: nothing came before the deadline.
  virtual std::optional<std::size_t> read(std::span<char> into,
                                          std::chrono::milliseconds timeout) = 0;
  /// Until all is handed to the kernel. False: reset or interrupted.
  virtual bool write(std::string_view bytes, std::chrono::milliseconds timeout) = 0;

  virtual void half_close() = 0;
  virtual void close_notify(std::chrono::milliseconds timeout) = 0;  ///< TLS only
  virtual void close() = 0;
  virtual void reset() = 0;
  /// Ends the operation under way, and every later one at once. From any thread.
  virtual void interrupt() = 0;

  virtual bool was_reset() const = 0;
  virtual int native_handle() const = 0;     ///< -1 after close() and reset()
  virtual const Address& local() const = 0;  ///< still valid after close() and reset()
  virtual std::string alpn() const = 0;      ///< what the TLS handshake agreed on; empty: nothing
};

/// Connects and, if asked to, completes the TLS handshake; the certificate is not verified.
std::unique_ptr<Connection> connect(const Address& server, const ClientOptions& options);

/// Takes over a connected cleartext socket.
std::unique_ptr<Connection> adopt(int accepted_socket);

}  // namespace connfate::peers

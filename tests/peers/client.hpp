// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides one TCP (optionally TLS) client connection that does exactly what it is told and nothing
// else: it reads only when asked, closes only as asked, retries nothing.
// Used by the system tests and the demo as the client whose end the server has to explain.
// Thread rule: sockets are made and used in the calling thread only (it may live in a network
// namespace of its own); a Client is not shared between threads.
// Failure: every operation throws std::runtime_error after ClientOptions::timeout. A reset by the
// server does not throw: reads then return nothing, was_reset() tells.
// Surprising: cleartext is never read ahead of what was asked for, since unread bytes turn close()
// into a reset. TLS reads up to 17 KiB ahead, and TLS 1.3 session tickets lie unread after the
// handshake until the first read.

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "peers/address.hpp"
#include "peers/client_options.hpp"

namespace connfate::peers {

class Connection;

class Client {
 public:
  struct Response {
    int status = 0;  ///< 0: the stream ended before a status line
    std::string headers;
    std::uint64_t body_bytes = 0;  ///< chunk framing not counted
    bool complete = false;         ///< the body came to its announced end
  };

  /// Connects, and handshakes if asked to; the certificate is not verified.
  explicit Client(const Address& server, const ClientOptions& options = {});
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;
  ~Client();  ///< as close()

  void send(std::string_view bytes);
  /// Writes a GET request for `path`, with Connection: close unless `keepalive`.
  void get(std::string_view path, bool keepalive = true);

  /// Whatever lies there, waiting for the first byte; "" at the end of the stream.
  std::string read_some(std::size_t at_most = 16384);
  /// As read_some(); nullopt when nothing came in time, which is no failure here.
  std::optional<std::string> read_some_for(std::chrono::milliseconds wait);
  std::string read_exactly(std::size_t bytes);  ///< fewer at the end of the stream
  std::string read_headers();                   ///< up to and including the empty line
  /// One response: by Content-Length, chunked, or until the end. The body is counted, not kept.
  Response read_response();
  std::uint64_t drain();  ///< reads to the end or a reset; the bytes read
  /// Steps of at most `bytes_per_step` with a pause after each, until the end or `total` is over.
  std::uint64_t drain_slowly(std::size_t bytes_per_step, std::chrono::milliseconds pause,
                             std::chrono::milliseconds total);

  void half_close();    ///< FIN without close_notify; reading goes on
  void close_notify();  ///< TLS only: sends the alert; TCP stays open. Nothing can be sent after it
  void close();         ///< FIN, or RST when bytes lie unread. No TLS goodbye
  void reset();         ///< RST

  /// Until the receive queue holds that many bytes, reading none. False: timeout.
  bool wait_unread(std::size_t at_least);
  /// Until the receive queue has not grown for `quiet`, reading none: with a full queue, the
  /// zero-window plateau.
  void wait_until_acked_idle(std::chrono::milliseconds quiet);

  bool was_reset() const;  ///< a read or write ended with ECONNRESET or EPIPE
  std::uint16_t local_port() const;
  std::string local_ip() const;
  std::string alpn() const;   ///< agreed on in the TLS handshake; "": none
  int native_handle() const;  ///< -1 after close() and reset()

 private:
  std::unique_ptr<Connection> connection_;
  std::chrono::milliseconds timeout_;
};

}  // namespace connfate::peers

// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides an HTTP/2 client whose streams can be cancelled and whose windows can stay closed.
// Over cleartext with prior knowledge, or over TLS with ALPN h2. Frames are read only while one of
// the run_ functions runs; SETTINGS and PING are then answered.
// Thread rule and deadlines: as Client.
// Failure: std::runtime_error when a run_ function's deadline (ClientOptions::timeout, for the
// whole call) passes, when the server breaks the protocol, or when TLS did not agree on h2.
// Surprising: with update_windows = false no WINDOW_UPDATE is ever sent, so at most 65535 bytes
// come on the whole connection, whatever stream_window says.

#include <chrono>
#include <cstdint>
#include <memory>
#include <string_view>

#include "peers/address.hpp"
#include "peers/client.hpp"
#include "peers/client_options.hpp"
#include "peers/http2_framing.hpp"

namespace connfate::peers {

struct Http2Options {
  ClientOptions connection{};           ///< alpn is set to h2 for TLS
  std::uint32_t stream_window = 65535;  ///< SETTINGS_INITIAL_WINDOW_SIZE, bytes
  bool update_windows = true;           ///< false: the response stalls when a window is used up
};

class Http2Client {
 public:
  using Stream = Http2Stream;  ///< status, body_bytes, closed, error_code

  explicit Http2Client(const Address& server, const Http2Options& options = {});
  Http2Client(Http2Client&&) noexcept;
  Http2Client& operator=(Http2Client&&) noexcept;
  ~Http2Client();  ///< closes TCP without GOAWAY

  /// Submits and sends a GET; the stream's id.
  std::int32_t request(std::string_view path);
  /// Until the stream is closed or the connection has ended.
  void run_until_closed(std::int32_t stream);
  /// Until that much body, or the final response headers, came. Throws when the stream or the
  /// connection ended before.
  void run_until_data(std::int32_t stream, std::uint64_t body_bytes);
  void run_until_headers(std::int32_t stream);
  /// Goes on reading until the time is over or the connection has ended.
  void run_for(std::chrono::milliseconds duration);

  void cancel(std::int32_t stream);  ///< RST_STREAM(CANCEL)
  void goaway();                     ///< GOAWAY(NO_ERROR); the connection stays open

  Stream stream(std::int32_t id) const;  ///< all zero for an unknown id
  bool connection_ended() const;         ///< a read saw FIN or RST
  Client& connection();                  ///< for reset(), close(), half_close()

 private:
  class Session;
  std::unique_ptr<Session> session_;
};

}  // namespace connfate::peers

// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides ServerView: what only the web server can know about one response, in words that mean
// the same for every server. Filled by each module (view.cpp), read by the rules.
// Surprising: `complete` is the fact that everything hangs on. TCP can say that all accepted bytes
// were acknowledged; only the server knows whether there should have been more.

#include <chrono>
#include <cstdint>
#include <optional>

#include "connfate/units.hpp"

namespace connfate {

/// What carries the response.
enum class Transport : std::uint8_t {
  kTcp,
  kQuic,   ///< acknowledgements live in user space: nothing to read
  kOther,  ///< unix-domain socket or unknown
};

struct ServerView {
  Transport transport = Transport::kTcp;

  bool ended = true;               ///< the server is done with it (false before its log phase)
  bool request_received = true;    ///< head and body of the request arrived completely
  bool response_started = false;   ///< at least one byte was handed to the connection
  bool complete = false;           ///< the whole response was handed to the kernel, no write failed
  bool request_timed_out = false;  ///< the server's timer ended the wait for the request
  bool timed_out = false;          ///< the server's timer ended the wait to write
  bool peer_closed = false;        ///< the server gave up because it read the client's FIN
  bool fin_seen = false;           ///< the server, or its event loop, saw the client's FIN
  bool write_shut_down = false;    ///< the server queued its own FIN before this look
  bool tunnel = false;             ///< switched protocols (101, CONNECT): open ended, no last byte
  bool shared_stream = false;      ///< HTTP/2: other responses share the byte stream
  bool stream_reset = false;       ///< HTTP/2: the client cancelled this stream
  bool reset_here = false;         ///< HTTP/2: the server itself reset the stream, or ended the
                                   ///< connection with a GOAWAY, before the response was complete
  bool closed_here = false;        ///< the server had closed the socket before its log phase, and
                                   ///< neither the client nor an error had ended it before
  bool goodbye_seen = false;       ///< TLS: the server read the end of the client's session
  bool end_hidden = false;         ///< the server is done, and cannot say whether it sent the end
  bool end_ahead = false;          ///< HTTP/2: complete, but its last bytes are still on their way
                                   ///< through the server, behind all that the kernel has

  /// HTTP/2: the error code of the RST_STREAM or GOAWAY that ended the response, whoever sent it.
  std::optional<std::uint32_t> reset_code;

  /// HTTP/2: the response ended at or before this offset of the stream. Without it, frames that
  /// the server wrote afterwards count as part of the response.
  std::optional<Bytes> end_limit;

  /// The response ends here in the stream, as far as the server's last layer was told, which may
  /// not have written it yet. A kernel that has less shows that the response is not `complete`.
  std::optional<Bytes> end_handed_down;

  /// Bytes the server has taken from the socket since accept, when it counted them. Compared with
  /// the kernel's count it tells whether the client's FIN arrived, even after death.
  std::optional<Bytes> bytes_taken;

  /// What had come before the first byte of the connection's first request could: the TLS
  /// handshake, a PROXY header. Only while that request has no head, and where the server's bytes
  /// are counted.
  std::optional<Bytes> bytes_before_request;

  /// Since the server last read from the socket; only where nothing but its reads and writes, which
  /// connfate sees, could take the socket's error. What the kernel sent after that read proves that
  /// the connection was alive then, so the read took no error.
  std::optional<std::chrono::milliseconds> since_read;
};

}  // namespace connfate

// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the client's side of HTTP/2 as bytes in, bytes out (nghttp2). No I/O.
// Used by http2_client.hpp, which owns the connection.
// Failure: std::runtime_error when the server breaks the protocol or nghttp2 refuses a call.

#include <cstdint>
#include <map>
#include <memory>
#include <string>

struct nghttp2_session;

namespace connfate::peers {

struct Http2Stream {
  int status = 0;  ///< 0: no response headers yet
  std::uint64_t body_bytes = 0;
  bool closed = false;           ///< END_STREAM came, or RST_STREAM from either side
  std::uint32_t error_code = 0;  ///< of RST_STREAM; 0: NO_ERROR
};

class Http2Framing {
 public:
  /// Its first output is the connection preface. `stream_window` in bytes.
  Http2Framing(std::uint32_t stream_window, bool update_windows);
  ~Http2Framing();
  Http2Framing(const Http2Framing&) = delete;
  Http2Framing& operator=(const Http2Framing&) = delete;

  std::string take_output();            ///< frames due to be sent; "" when none
  void feed(const std::string& bytes);  ///< from the server

  /// Each makes frames for take_output().
  std::int32_t request(std::string path, std::string scheme);  ///< a GET; the stream's id
  void cancel(std::int32_t id);                                ///< RST_STREAM(CANCEL)
  void goaway();                                               ///< GOAWAY(NO_ERROR)

  Http2Stream stream(std::int32_t id) const;  ///< all zero for an unknown id

 private:
  struct Delete {
    void operator()(nghttp2_session* session) const;
  };
  std::map<std::int32_t, Http2Stream> streams_;
  std::unique_ptr<nghttp2_session, Delete> session_;
};

}  // namespace connfate::peers

// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the client of a story, whatever protocol it is played over: HTTP/1.1 or HTTP/2, with or
// without TLS. Used by the steps that begin with "client".
// Thread rule: made and used by a thread in the client's namespace.
// Failure: every function throws std::runtime_error when what it waits for does not come.

#include <cstdint>
#include <optional>
#include <string>

#include "harness/protocol.hpp"
#include "peers/client.hpp"
#include "peers/http2_client.hpp"

namespace connfate::lab {

class ClientRole {
 public:
  ClientRole(const peers::Address& server, harness::Protocol protocol,
             peers::ClientOptions options);

  void get(const std::string& path, bool keepalive);
  /// Sends `sending` body bytes of the `announced` ones. HTTP/1 only.
  void post(const std::string& path, std::uint64_t announced, std::uint64_t sending);
  /// Some bytes of the response, and nothing behind them.
  void read(std::uint64_t bytes);
  void read_what_there_is();
  void read_response();  ///< throws when it is not complete
  /// Reads until the connection is over; true when a reset ended it.
  bool read_to_the_end();
  void cancel();  ///< HTTP/2: the stream of the last get()

  /// For reset(), close(), half_close(), send().
  peers::Client& connection();
  std::uint16_t port() const { return port_; }

 private:
  void read_http2_response();

  std::optional<peers::Client> http1_;
  std::optional<peers::Http2Client> http2_;
  std::int32_t stream_ = 0;
  std::uint16_t port_;
};

}  // namespace connfate::lab

// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the stage on which a scenario plays: one server, the misbehaving backend behind it, the
// network between, and clients that speak the protocol of the test.
// Surprising: every client gets a port that no other client of this process had, since log lines
// are found by client port. Use it inside the lab's client namespace only.

#include <chrono>
#include <string>
#include <vector>

#include "harness/lab.hpp"
#include "harness/protocol.hpp"
#include "harness/server.hpp"
#include "peers/backend.hpp"
#include "peers/client.hpp"
#include "peers/http2_client.hpp"

namespace connfate::harness {

class Stage {
 public:
  Stage(Lab& lab, Server& server, peers::Backend& backend, Protocol protocol)
      : lab_(lab), server_(server), backend_(backend), protocol_(protocol) {}
  ~Stage();
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  /// An HTTP/1.1 client, over TLS when the protocol of this test is.
  peers::Client connect(peers::ClientOptions options = {});
  /// With so small a receive buffer that the window closes after a few kilobytes.
  peers::Client connect_with_tiny_buffer();
  peers::Http2Client connect_http2(peers::Http2Options options = {});
  /// Reads one response completely, over whatever protocol, and leaves the connection open until
  /// its line is logged.
  void fetch(const std::string& path);

  peers::Backend& backend() { return backend_; }
  Server& server() { return server_; }
  Protocol protocol() const { return protocol_; }
  peers::Address address() const;

  /// Returns when the backend holds the request that a client has just sent.
  void wait_until_backend_holds();
  /// Lets the held requests be answered, after the packets before have reached the server.
  void let_backend_answer();
  /// Packets take microseconds here; this is long after the last one has arrived. For what only
  /// the other side's kernel could confirm, such as the arrival of a RST.
  static void settle();

  void block(Block kind);
  void unblock() { lab_.unblock(); }
  /// Whether block() was called at all.
  bool path_was_broken() const { return path_was_broken_; }

  /// The connection whose lines count is that of `client_port` (the last client made, otherwise).
  void watch(int client_port) { client_port_ = client_port; }
  int client_port() const { return client_port_; }
  /// Keeps everything as it is until the server has written `count` lines about the connection.
  void await_lines(std::size_t count, std::chrono::seconds limit = std::chrono::seconds(20)) const;
  void await_line() const { await_lines(1); }

 private:
  void fetch_http2(const std::string& path);
  peers::ClientOptions prepare(peers::ClientOptions options);

  Lab& lab_;
  Server& server_;
  peers::Backend& backend_;
  Protocol protocol_;
  int client_port_ = 0;
  bool path_was_broken_ = false;
};

}  // namespace connfate::harness

// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides one connection of the backend: reads requests and misbehaves as their paths ask.
// Used by Backend, which runs serve() in a thread of its own per connection.
// Adding a behaviour: one member function and one line in the table of backend_session.cpp.

#include <string>

#include "peers/backend_request.hpp"
#include "peers/connection.hpp"
#include "peers/hold_gate.hpp"

namespace connfate::peers {

class BackendSession {
 public:
  BackendSession(Connection& connection, HoldGate& gate) : connection_(connection), gate_(gate) {}

  /// Until the peer closes, a behaviour ends the connection, or it is interrupted. Closes it.
  void serve();

 private:
  using Handler = bool (BackendSession::*)(const BackendRequest&);
  struct Behaviour;
  static const Behaviour kBehaviours[];

  // Each answers one request; true: the connection can take another.
  bool answer(const BackendRequest& request);
  bool ok(const BackendRequest& request);
  bool wait(const BackendRequest& request);
  bool hold(const BackendRequest& request);
  bool die(const BackendRequest& request);
  bool rst(const BackendRequest& request);
  bool stream(const BackendRequest& request);
  bool stall(const BackendRequest& request);
  bool websocket(const BackendRequest& request);
  bool not_found(const BackendRequest& request);

  bool write(std::string_view bytes);
  bool write_head(const BackendRequest& request, std::string_view status, std::string_view framing);
  bool write_body(std::uint64_t bytes);
  bool write_partly(const BackendRequest& request);
  void read_until_closed();
  void echo();
  void flood();
  void leave(std::uint64_t how);

  Connection& connection_;
  HoldGate& gate_;
};

}  // namespace connfate::peers

// SPDX-License-Identifier: Apache-2.0
// Theme: a connection that became a tunnel. It has no last byte, so an orderly close is a good end.
#include "peers/websocket.hpp"
#include "system/scenarios/scenarios.hpp"

namespace connfate::harness {
namespace {

constexpr const char* kHost = "connfate.test";

/// Opens a tunnel that echoes, and waits for the echo of one frame.
peers::Client open_tunnel(Stage& stage) {
  peers::Client client = stage.connect();
  client.send(peers::upgrade_request("/ws/ws", kHost));
  client.read_headers();
  client.send(peers::text_frame("hello"));
  client.read_some();
  return client;
}

void reset_in_mid_flood(Stage& stage) {
  peers::Client client = stage.connect();
  client.send(peers::upgrade_request("/ws/ws?flood=1", kHost));
  client.read_headers();
  client.read_exactly(100'000);
  client.reset();
  stage.await_line();
}

/// What the backend sends, up to its end; nothing comes from the client.
template <int kHow>
void watch_the_backend_leave(Stage& stage) {
  peers::Client client = stage.connect();
  client.send(peers::upgrade_request("/ws/ws?leave=" + std::to_string(kHow), kHost));
  client.drain();
  stage.await_line();
}

void stay_silent(Stage& stage) {
  peers::Client client = open_tunnel(stage);
  client.drain();
  stage.await_line();
}

void leave_in_mid_flood(Stage& stage) {
  peers::Client client = stage.connect_with_tiny_buffer();
  client.send(peers::upgrade_request("/ws/ws?flood=1", kHost));
  client.read_headers();
  client.wait_until_acked_idle(std::chrono::milliseconds(100));
  client.half_close();
  stage.await_line();
}

Expectation ended(const char* fate) {
  return {.fate = {fate}, .phase = {"sending"}, .close = {"open", "local"}, .status = {101}};
}

}  // namespace

Scenarios websocket_scenarios() {
  return {
      {.name = "WebSocketClosedByClient",
       .title = "A WebSocket that the client closes in order has a good end.",
       .protocols = kHttp1,
       .play =
           [](Stage& stage) {
             peers::Client client = open_tunnel(stage);
             client.half_close();
             client.drain();
             stage.await_line();
           },
       .lines = {{.fate = {"delivered", "pending"},
                  .phase = {"sending", "drained"},
                  .close = {"fin"},
                  .status = {101}}}},
      {.name = "WebSocketClosedByClientOverTls",
       .title = "So has one that the client closes with the goodbye of TLS, before any FIN.",
       .protocols = {Protocol::kTls},
       .play =
           [](Stage& stage) {
             peers::Client client = open_tunnel(stage);
             client.close_notify();
             stage.await_line();
           },
       .lines = {{.fate = {"delivered", "pending"},
                  .phase = {"sending", "drained"},
                  .close = {"open", "fin"},
                  .status = {101}}},
       .on = On::kNginx},
      {.name = "WebSocketReset",
       .title = "A RST on an idle WebSocket is rst_received.",
       .protocols = kHttp1,
       .play =
           [](Stage& stage) {
             peers::Client client = open_tunnel(stage);
             client.reset();
             stage.await_line();
           },
       .lines = {{.fate = {"rst_received"},
                  .phase = {"sending", "drained"},
                  .close = {"rst"},
                  .status = {101}}}},
      {.name = "WebSocketResetInMidFlood",
       .title = "So is a RST while the backend sends.",
       .protocols = kHttp1,
       .play = reset_in_mid_flood,
       .lines = {{.fate = {"rst_received"},
                  .phase = {"sending", "drained"},
                  .close = {"rst"},
                  .status = {101}}}},
      {.name = "WebSocketClosedByClientInMidFlood",
       .title = "A client that closes while data waits for it has not had it all: client_abort.",
       .protocols = kHttp1,
       .play = leave_in_mid_flood,
       .lines =
           {{.fate = {"client_abort"}, .phase = {"sending"}, .close = {"fin"}, .status = {101}}},
       .on = On::kNginx},
      {.name = "WebSocketClosedByTheBook",
       .title = "A Close frame ends a WebSocket well, although the server closes first.",
       .protocols = kHttp1,
       .play = watch_the_backend_leave<1>,
       .lines = {{.fate = {"delivered", "pending"},
                  .phase = {"drained"},
                  .close = {"open", "local"},
                  .status = {101}}}},
      {.name = "WebSocketLeftByTheBackend",
       .title = "A backend that leaves a WebSocket without one has cut it: server_abort.",
       .protocols = kHttp1,
       .play = watch_the_backend_leave<2>,
       .lines = {ended("server_abort")}},
      {.name = "WebSocketLeftInMidMessage",
       .title = "So has one that leaves in mid message.",
       .protocols = kHttp1,
       .play = watch_the_backend_leave<3>,
       .lines = {ended("server_abort")}},
      {.name = "WebSocketResetByTheBackend",
       .title = "So has one that resets.",
       .protocols = kHttp1,
       .play = watch_the_backend_leave<4>,
       .lines = {ended("server_abort")}},
      {.name = "WebSocketCutByTheServersTimer",
       .title = "An idle WebSocket that the server's timer cuts is a server_timeout.",
       .protocols = kHttp1,
       .play = stay_silent,
       .lines = {ended("server_timeout")}},
  };
}

}  // namespace connfate::harness

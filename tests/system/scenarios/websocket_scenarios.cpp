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
  };
}

}  // namespace connfate::harness

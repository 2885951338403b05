// SPDX-License-Identifier: Apache-2.0
// Theme: a client that has said all it wants to say, and still listens. Its FIN alone tells
// nothing: a client that closed looks the same until it answers our data.
#include "system/scenarios/scenarios.hpp"

namespace connfate::harness {
namespace {

void half_close_while_the_server_waits(Stage& stage, const char* path) {
  peers::Client client = stage.connect();
  client.get(path);
  stage.wait_until_backend_holds();
  client.half_close();
  stage.let_backend_answer();
  client.read_response();
  stage.await_line();
}

}  // namespace

Scenarios half_close_scenarios() {
  return {
      {.name = "HalfClosedClientReadsAll",
       .title = "A client that half-closes and reads everything got its response.",
       .protocols = kCleartextOnly,
       .play =
           [](Stage& stage) { half_close_while_the_server_waits(stage, "/backend-ignore/hold"); },
       .lines = {{.fate = {"delivered", "pending"},
                  .phase = {"drained"},
                  .close = {"fin"},
                  .status = {200}}}},
      {.name = "HalfClosedClientIsTakenForGone",
       .title = "nginx gives up on a client that half-closes while it waits: client_abort.",
       .protocols = kCleartextOnly,
       .play = [](Stage& stage) { half_close_while_the_server_waits(stage, "/backend/hold"); },
       .lines = {{.fate = {"client_abort"},
                  .phase = {"waiting"},
                  .close = {"fin"},
                  .status = {499},
                  .where = {kNothingWritten}}},
       .on = On::kNginx},
  };
}

}  // namespace connfate::harness

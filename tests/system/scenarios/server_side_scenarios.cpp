// SPDX-License-Identifier: Apache-2.0
// Theme: it was us. The client's connection is perfect, and still the response is not whole.
#include "system/scenarios/scenarios.hpp"

namespace connfate::harness {
namespace {

void read_what_comes(Stage& stage, const char* path) {
  peers::Client client = stage.connect();
  client.get(path);
  client.drain();
  stage.await_line();
}

Expectation ended_by_us(int status) {
  return {.fate = {"server_abort"}, .close = {"open", "local", "fin"}, .status = {status}};
}

}  // namespace

Scenarios server_side_scenarios() {
  return {
      {.name = "BackendClosesInMidBody",
       .title = "A response cut short because the backend closed is a server_abort.",
       .protocols = kHttp1,
       .play =
           [](Stage& stage) { read_what_comes(stage, "/backend/die?after=20000&bytes=100000"); },
       .lines = {ended_by_us(200)}},
      {.name = "BackendResetsInMidBody",
       .title = "So is one cut short because the backend reset.",
       .protocols = kHttp1,
       .play =
           [](Stage& stage) { read_what_comes(stage, "/backend/rst?after=20000&bytes=100000"); },
       .lines = {ended_by_us(200)}},
      {.name = "BackendClosesInMidUnbufferedBody",
       .title = "It makes no difference whether the proxy buffers.",
       .protocols = kCleartextOnly,
       .play =
           [](Stage& stage) {
             read_what_comes(stage, "/backend-unbuffered/die?after=20000&bytes=100000");
           },
       .lines = {ended_by_us(200)}},
      {.name = "ClosedWithoutAnAnswer",
       .title = "nginx told to close without an answer (return 444) says so: server_abort.",
       .protocols = kHttp1,
       .play = [](Stage& stage) { read_what_comes(stage, "/gone"); },
       .lines = {ended_by_us(444)},
       .on = On::kNginx},
  };
}

}  // namespace connfate::harness

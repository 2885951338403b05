// SPDX-License-Identifier: Apache-2.0
// Theme: the client lives, but takes nothing.
#include "system/scenarios/scenarios.hpp"

namespace connfate::harness {
namespace {

void read_nothing_of(Stage& stage, const char* path) {
  peers::Client client = stage.connect_with_tiny_buffer();
  client.get(path);
  stage.await_line();
}

Expectation stalled() {
  return {.fate = {"client_stalled"},
          .phase = {"sending"},
          .close = {"open"},
          .status = {200},
          .where = {kAckedLessThanWritten, kSomeNotSent}};
}

}  // namespace

Scenarios stall_scenarios() {
  return {
      {.name = "ClientStopsReading",
       .title = "A client whose window stays closed until the server gives up has stalled.",
       .protocols = kHttp1,
       .play = [](Stage& stage) { read_nothing_of(stage, "/64m.bin"); },
       .lines = {stalled()}},
      {.name = "ClientStopsReadingAProxiedResponse",
       .title = "The same for a proxied response.",
       .protocols = kHttp1,
       .play = [](Stage& stage) { read_nothing_of(stage, "/backend/ok?bytes=50000000"); },
       .lines = {stalled()}},
      {.name = "ResponseRestsInTheSendBuffer",
       .title = "A response that only the send buffer took is pending, never delivered.",
       .protocols = kHttp1,
       .play = [](Stage& stage) { read_nothing_of(stage, "/page60k.bin"); },
       .lines = {{.fate = {"pending"},
                  .phase = {"drained"},
                  .close = {"open"},
                  .status = {200},
                  .where = {kSomeUnacked, kSomeNotSent}}}},
  };
}

}  // namespace connfate::harness

// SPDX-License-Identifier: Apache-2.0
// Theme: a RST ends the connection. From here a client and a device in the path look the same, so
// the most that can be said is "peer".
#include "peers/killed_process.hpp"
#include "system/scenarios/scenarios.hpp"

namespace connfate::harness {
namespace {

constexpr std::size_t kSomeOfIt = 100'000;

/// When the client does not read, its window closes and data waits on the server's side.
void reset_in_mid_body(Stage& stage, const char* path) {
  peers::Client client = stage.connect();
  client.get(path);
  client.read_exactly(kSomeOfIt);
  client.wait_until_acked_idle(std::chrono::milliseconds(200));
  client.reset();
  stage.await_line();
}

void reset_while_data_flows(Stage& stage, const char* path) {
  peers::Client client = stage.connect();
  client.get(path);
  client.read_exactly(kSomeOfIt);
  client.reset();
  stage.await_line();
}

Expectation reset_while_sending() {
  return {.fate = {"rst_received"},
          .phase = {"sending"},
          .close = {"rst"},
          .err = {"", "ECONNRESET", "EPIPE"},
          .status = {200},
          .where = {kAckedLessThanWritten, kSomeNotSent}};
}

/// nginx answers 413 at once, and then reads on for a while so that its answer is not lost.
void reset_during_lingering_close(Stage& stage) {
  peers::Client client = stage.connect();
  client.send(
      "POST /small.txt HTTP/1.1\r\nHost: connfate.test\r\nContent-Length: 5000000\r\n\r\nbegin");
  client.read_response();
  Stage::settle();
  client.reset();
  stage.await_line();
}

void kill_in_mid_body(Stage& stage) {
  peers::KilledProcess client(stage.address(),
                              "GET /64m.bin HTTP/1.1\r\nHost: connfate.test\r\n\r\n", kSomeOfIt);
  stage.watch(client.local_port());
  client.kill();
  stage.await_line();
}

}  // namespace

Scenarios reset_scenarios() {
  return {
      {.name = "ClientResetsWhileServerWaits",
       .title = "A RST while the backend still thinks is rst_received before any byte was sent.",
       .protocols = kHttp1,
       .play =
           [](Stage& stage) {
             peers::Client client = stage.connect();
             client.get("/backend/hold");
             stage.wait_until_backend_holds();
             client.reset();
             stage.let_backend_answer();
             stage.await_line();
           },
       .lines = {{.fate = {"rst_received"},
                  .phase = {"waiting"},
                  .close = {"rst"},
                  .where = {kNothingAcked}}}},
      {.name = "ClientResetsInMidBody",
       .title =
           "A RST in the middle of a file is rst_received, and part of it never left the host.",
       .protocols = kHttp1,
       .play = [](Stage& stage) { reset_in_mid_body(stage, "/64m.bin"); },
       .lines = {reset_while_sending()}},
      {.name = "ClientResetsInMidBodyWithoutSendfile",
       .title = "The same without sendfile.",
       .protocols = kCleartextOnly,
       .play = [](Stage& stage) { reset_in_mid_body(stage, "/nosf/64m.bin"); },
       .lines = {reset_while_sending()}},
      {.name = "ClientResetsInMidProxiedBody",
       .title = "The same for a proxied response.",
       .protocols = kHttp1,
       .play = [](Stage& stage) { reset_in_mid_body(stage, "/backend/ok?bytes=50000000"); },
       .lines = {reset_while_sending()}},
      {.name = "ClientResetsInMidUnbufferedBody",
       .title = "The same for a proxied response that is passed on unbuffered.",
       .protocols = kHttp1,
       .play =
           [](Stage& stage) { reset_in_mid_body(stage, "/backend-unbuffered/ok?bytes=50000000"); },
       .lines = {reset_while_sending()}},
      {.name = "ClientResetsWhileDataFlows",
       .title =
           "A RST while the server writes is rst_received, even if all so far was acknowledged.",
       .protocols = kHttp1,
       .play = [](Stage& stage) { reset_while_data_flows(stage, "/64m.bin"); },
       .lines = {{.fate = {"rst_received"},
                  .phase = {"sending"},
                  .close = {"rst"},
                  .err = {"", "ECONNRESET", "EPIPE"},
                  .status = {200}}}},
      {.name = "LateReset",
       .title = "A RST after the last byte was acknowledged leaves it delivered, with close=rst.",
       .protocols = kCleartextOnly,
       .play = reset_during_lingering_close,
       .lines = {{.fate = {"delivered"}, .phase = {"drained"}, .close = {"rst"}, .status = {413}}},
       .on = On::kNginx},
      {.name = "RequestTooLarge",
       .title = "httpd writes the line of a refused request before the client's RST can come.",
       .protocols = kCleartextOnly,
       .play = reset_during_lingering_close,
       .lines = {{.fate = {"delivered", "pending"}, .phase = {"drained"}, .status = {413}}},
       .on = On::kHttpd},
      {.name = "ClientProcessKilledInMidBody",
       .title = "The kernel of a killed client process resets, since bytes lie unread.",
       .protocols = kCleartextOnly,
       .play = kill_in_mid_body,
       .lines = {{.fate = {"rst_received", "broken_pipe", "client_abort"},
                  .phase = {"sending"},
                  .close = {"rst", "fin"}}}},
  };
}

}  // namespace connfate::harness

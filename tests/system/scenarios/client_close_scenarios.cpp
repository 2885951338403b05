// SPDX-License-Identifier: Apache-2.0
// Theme: the client closes properly, but too early. nginx notices the FIN while it waits; httpd,
// and nginx told to ignore it, notice only when they write.
#include "peers/killed_process.hpp"
#include "system/scenarios/scenarios.hpp"

namespace connfate::harness {
namespace {

Expectation gone_without_a_rst() {
  return {.fate = {"client_abort"},
          .phase = {"waiting"},
          .close = {"fin"},
          .status = {499},
          .where = {kNothingWritten}};
}

/// The response is one write into a connection whose client is gone. The RST that answers it may
/// come before or after the line is written.
Expectation written_to_a_client_that_is_gone() {
  return {.fate = {"broken_pipe", "pending"},
          .phase = {"drained", "waiting", "sending"},
          .close = {"fin", "rst"},
          .status = {200},
          .where = {kNothingAcked}};
}

void close_while_the_server_waits(Stage& stage, const char* path) {
  peers::Client client = stage.connect();
  client.get(path);
  stage.wait_until_backend_holds();
  client.close();
  stage.let_backend_answer();
  stage.await_line();
}

void die_while_the_server_waits(Stage& stage, const char* path) {
  peers::KilledProcess client(
      stage.address(), "GET " + std::string(path) + " HTTP/1.1\r\nHost: connfate.test\r\n\r\n", 0);
  stage.watch(client.local_port());
  stage.wait_until_backend_holds();
  client.kill();
  stage.let_backend_answer();
  stage.await_line();
}

void close_in_mid_stream(Stage& stage) {
  peers::Client client = stage.connect();
  client.get("/backend-unbuffered/stream?bytes=10000000&step=1000&ms=20");
  // Reads faster than the backend sends, so that nothing is unread and the close is a FIN.
  client.drain_slowly(16384, std::chrono::milliseconds(1), std::chrono::milliseconds(200));
  client.close();
  stage.await_line();
}

}  // namespace

Scenarios client_close_scenarios() {
  return {
      {.name = "ClientClosesWhileServerWaits",
       .title = "nginx gives up when the client closes while the backend thinks: client_abort.",
       .protocols = kHttp1,
       .play = [](Stage& stage) { close_while_the_server_waits(stage, "/backend/hold"); },
       .lines = {gone_without_a_rst()},
       .on = On::kNginx},
      {.name = "ServerAnswersAClientThatClosed",
       .title = "An answer to a client that has closed is never delivered.",
       .protocols = kCleartextOnly,
       .play = [](Stage& stage) { close_while_the_server_waits(stage, "/backend-ignore/hold"); },
       .lines = {written_to_a_client_that_is_gone()}},
      {.name = "ClientProcessKilledWhileServerWaits",
       .title = "A killed client process with nothing unread looks like one that closes.",
       .protocols = kCleartextOnly,
       .play = [](Stage& stage) { die_while_the_server_waits(stage, "/backend-ignore/hold"); },
       .lines = {written_to_a_client_that_is_gone()}},
      {.name = "ClientClosesInMidStream",
       .title = "A client that closes between two pieces of a stream has left by itself.",
       .protocols = kHttp1,
       .play = close_in_mid_stream,
       .lines = {{.fate = {"client_abort", "broken_pipe"},
                  .phase = {"sending"},
                  .close = {"fin", "rst"},
                  .status = {200}}}},
  };
}

}  // namespace connfate::harness

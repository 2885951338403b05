// SPDX-License-Identifier: Apache-2.0
// Theme: nothing goes wrong. On a path with any length at all the last bytes of a good response are
// seldom acknowledged when its line is written, hence "delivered or pending" nearly everywhere.
#include "system/scenarios/scenarios.hpp"

namespace connfate::harness {
namespace {

Expectation good(int status = 200) {
  return {.fate = {"delivered", "pending"}, .phase = {"drained"}, .status = {status}};
}

Expectation good_and_open(int status = 200) {
  Expectation expectation = good(status);
  expectation.close = {"open"};
  return expectation;
}

/// Each response begins where the one before ended; the first byte of all is byte 0, unless a TLS
/// handshake came before it.
std::vector<std::string> partition_the_stream(const std::vector<LogLine>& lines,
                                              Protocol protocol) {
  std::vector<std::string> broken;
  if (!is_tls(protocol) && lines.front().number("start") != 0U) {
    broken.emplace_back("the first response does not start at byte 0");
  }
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const auto end = lines[i - 1].number("end");
    if (!end || end != lines[i].number("start")) {
      broken.push_back("response " + std::to_string(i + 1) + " does not start where response " +
                       std::to_string(i) + " ended");
    }
  }
  return broken;
}

void three_requests(Stage& stage) {
  peers::Client client = stage.connect();
  for (std::size_t request = 1; request <= 3; ++request) {
    client.get("/small.txt");
    client.read_response();
    stage.await_lines(request);
  }
}

void five_pipelined_requests(Stage& stage) {
  peers::Client client = stage.connect();
  std::string requests;
  for (int i = 0; i < 5; ++i) requests += "GET /small.txt HTTP/1.1\r\nHost: connfate.test\r\n\r\n";
  client.send(requests);
  for (int i = 0; i < 5; ++i) client.read_response();
  stage.await_lines(5);
}

}  // namespace

Scenarios delivery_scenarios() {
  return {
      {.name = "SmallResponse",
       .title = "A small response to a client that stays is delivered, or on its way.",
       .protocols = kEveryProtocol,
       .play = [](Stage& stage) { stage.fetch("/small.txt"); },
       .lines = {good_and_open()}},
      {.name = "LargeResponse",
       .title = "A response larger than every buffer, read to its end, is delivered or on its way.",
       .protocols = kEveryProtocol,
       .play = [](Stage& stage) { stage.fetch("/64m.bin"); },
       .lines = {good_and_open()}},
      {.name = "LargeResponseWithoutSendfile",
       .title = "It makes no difference whether the server uses sendfile.",
       .protocols = kHttp1,
       .play = [](Stage& stage) { stage.fetch("/nosf/64m.bin"); },
       .lines = {good_and_open()}},
      {.name = "ProxiedResponse",
       .title = "A response of the backend is as good as one from a file.",
       .protocols = kEveryProtocol,
       .play = [](Stage& stage) { stage.fetch("/backend/ok?bytes=100000"); },
       .lines = {good_and_open()}},
      {.name = "InternalRedirect",
       .title = "The body of an error page found by an internal redirect counts like any other.",
       .protocols = kEveryProtocol,
       .play = [](Stage& stage) { stage.fetch("/redirect"); },
       .lines = {good_and_open(404)}},
      {.name = "ThreeRequestsOnOneConnection",
       .title = "Responses on one connection share out its byte stream without gap or overlap.",
       .protocols = kHttp1,
       .play = three_requests,
       .lines = {good_and_open(), good_and_open(), good_and_open()},
       .relations = partition_the_stream},
      {.name = "FivePipelinedRequests",
       .title = "So do pipelined responses, even when one write carries them all.",
       .protocols = kHttp1,
       .play = five_pipelined_requests,
       .lines = {good(), good(), good(), good(), good()},
       .relations = partition_the_stream},
      {.name = "ConnectionClose",
       .title =
           "With Connection: close it is the server that ends the connection, and all is well.",
       .protocols = kHttp1,
       .play =
           [](Stage& stage) {
             peers::Client client = stage.connect();
             client.get("/small.txt", false);
             client.drain();
             stage.await_line();
           },
       .lines = {{.fate = {"delivered", "pending"},
                  .phase = {"drained"},
                  .close = {"open", "local", "fin"},
                  .status = {200}}}},
      {.name = "ResetOnTheIdleConnection",
       .title = "A RST long after the response changes nothing about it, and adds no line.",
       .protocols = kHttp1,
       .play =
           [](Stage& stage) {
             peers::Client client = stage.connect();
             client.get("/small.txt");
             client.read_response();
             stage.await_line();
             client.reset();
             Stage::settle();
           },
       .lines = {good_and_open()}},
  };
}

}  // namespace connfate::harness

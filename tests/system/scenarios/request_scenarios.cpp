// SPDX-License-Identifier: Apache-2.0
// Theme: the request never arrives completely.
#include "system/scenarios/scenarios.hpp"

namespace connfate::harness {
namespace {

constexpr const char* kHalfAHeader = "GET /small.txt HTTP/1.1\r\nHost: connf";
constexpr const char* kHalfABody =
    "POST /backend/ok HTTP/1.1\r\nHost: connfate.test\r\nContent-Length: 1000\r\n\r\nbegin";

/// Says `part`, and then does `next` to the client.
template <typename Next>
void say_part_of_a_request(Stage& stage, const char* part, Next next) {
  peers::Client client = stage.connect();
  client.send(part);
  Stage::settle();
  next(client);
  stage.await_line();
}

void stay_silent(peers::Client&) {}
void close(peers::Client& client) {
  client.close();
}
void reset(peers::Client& client) {
  client.reset();
}

Expectation timed_out() {
  return {.fate = {"request_timeout"}, .phase = {"request"}, .status = {408}};
}

Expectation no_request() {
  return {.fate = {"no_request"}, .phase = {"request"}, .status = {408}};
}

Expectation left() {
  return {.fate = {"client_abort", "broken_pipe"},
          .phase = {"request"},
          .close = {"fin", "rst"},
          .status = {400}};
}

Expectation was_reset() {
  return {.fate = {"rst_received"}, .phase = {"request"}, .close = {"rst"}, .status = {400}};
}

}  // namespace

Scenarios request_scenarios() {
  return {
      {.name = "HalfAHeader",
       .title = "A request header that never ends is a request_timeout.",
       .protocols = kHttp1,
       .play = [](Stage& stage) { say_part_of_a_request(stage, kHalfAHeader, stay_silent); },
       .lines = {timed_out()}},
      {.name = "NoByteOfARequest",
       .title =
           "A connection that asks for nothing, not one byte, is no_request and nobody's loss.",
       .protocols = kHttp1,
       .play = [](Stage& stage) { say_part_of_a_request(stage, "", stay_silent); },
       .lines = {no_request()},
       .on = On::kHttpd},
      {.name = "OneByteOfARequest",
       .title = "One byte is a request that never ends.",
       .protocols = kHttp1,
       .play = [](Stage& stage) { say_part_of_a_request(stage, "G", stay_silent); },
       .lines = {timed_out()}},
      {.name = "HalfABody",
       .title = "So is a request body that never ends.",
       .protocols = kHttp1,
       .play = [](Stage& stage) { say_part_of_a_request(stage, kHalfABody, stay_silent); },
       .lines = {timed_out()}},
      {.name = "ClientClosesInsideItsBody",
       .title = "A client that closes inside its own request body has left.",
       .protocols = kHttp1,
       .play = [](Stage& stage) { say_part_of_a_request(stage, kHalfABody, close); },
       .lines = {left()}},
      {.name = "ClientResetsInsideItsBody",
       .title = "A RST inside the request body is rst_received while the request is read.",
       .protocols = kHttp1,
       .play = [](Stage& stage) { say_part_of_a_request(stage, kHalfABody, reset); },
       .lines = {was_reset()}},
      {.name = "ClientClosesInsideItsHeader",
       .title = "nginx logs a client that closes inside its request header: it has left.",
       .protocols = kHttp1,
       .play = [](Stage& stage) { say_part_of_a_request(stage, kHalfAHeader, close); },
       .lines = {left()},
       .on = On::kNginx},
      {.name = "ClientResetsInsideItsHeader",
       .title = "nginx logs a RST inside the request header: rst_received.",
       .protocols = kHttp1,
       .play = [](Stage& stage) { say_part_of_a_request(stage, kHalfAHeader, reset); },
       .lines = {was_reset()},
       .on = On::kNginx},
  };
}

}  // namespace connfate::harness

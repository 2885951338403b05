// SPDX-License-Identifier: Apache-2.0
// Theme: many responses on one HTTP/2 connection. Streams die alone or with the connection.
#include "system/scenarios/scenarios.hpp"

namespace connfate::harness {
namespace {

constexpr std::uint64_t kSomeOfIt = 100'000;

const Condition kProtocolError{"reset_code=PROTOCOL_ERROR", [](const LogLine& line) {
                                 return line.field("reset_code") == "PROTOCOL_ERROR";
                               }};
const Condition kFlowControlError{"reset_code=FLOW_CONTROL_ERROR", [](const LogLine& line) {
                                    return line.field("reset_code") == "FLOW_CONTROL_ERROR";
                                  }};

Expectation good(const char* uri) {
  return {.fate = {"delivered", "pending"},
          .phase = {"drained"},
          .close = {"open"},
          .status = {200},
          .uri = uri};
}

/// About one time in a hundred, mod_http2 keeps the line of a stream that ended beside another one
/// back until the connection ends, with or without the module. Then another client plays it again.
constexpr std::chrono::seconds kPatience{8};

template <void (*kPlay)(Stage&)>
void until_logged(Stage& stage) {
  for (int attempts_left = 2; attempts_left > 0; --attempts_left) {
    try {
      return kPlay(stage);
    } catch (const std::exception&) {
      stage.backend().release();
    }
  }
  kPlay(stage);
}

void cancel_one_of_two(Stage& stage) {
  peers::Http2Client client = stage.connect_http2();
  const std::int32_t large = client.request("/64m.bin");
  client.run_until_data(large, kSomeOfIt);
  client.cancel(large);
  client.run_until_closed(client.request("/small.txt"));
  stage.await_lines(2, kPatience);
}

void cancel_while_the_server_waits(Stage& stage) {
  peers::Http2Client client = stage.connect_http2();
  const std::int32_t held = client.request("/backend/hold");
  stage.wait_until_backend_holds();
  client.cancel(held);
  client.run_until_closed(client.request("/small.txt"));
  stage.let_backend_answer();
  stage.await_lines(2, kPatience);
}

void reset_in_mid_body(Stage& stage) {
  peers::Http2Client client = stage.connect_http2();
  client.run_until_data(client.request("/64m.bin"), kSomeOfIt);
  client.connection().reset();
  stage.await_line();
}

/// The goodbye of TLS; a FIN follows, and finds that the line is written.
void say_goodbye(Stage& stage, const char* path, std::uint64_t after) {
  peers::Http2Client client = stage.connect_http2();
  const std::int32_t stream = client.request(path);
  if (after > 0) {
    client.run_until_data(stream, after);
  } else {
    stage.wait_until_backend_holds();
  }
  client.connection().close_notify();
  stage.await_lines(1, kPatience);
  stage.backend().release();
}

void say_goodbye_in_mid_body(Stage& stage) {
  say_goodbye(stage, "/64m.bin", kSomeOfIt);
}

void say_goodbye_while_the_server_waits(Stage& stage) {
  say_goodbye(stage, "/backend/hold", 0);
}

/// A WINDOW_UPDATE of 0 on stream 0 is an error of the connection (RFC 9113, section 6.9).
void break_the_protocol(Stage& stage) {
  peers::Http2Client client = stage.connect_http2();
  client.run_until_data(client.request("/64m.bin"), kSomeOfIt);
  client.connection().send(std::string_view("\0\0\4\10\0\0\0\0\0\0\0\0\0", 13));
  stage.await_lines(1, kPatience);
}

/// A stream's window that grows beyond 2^31 - 1 is an error of the stream (section 6.9.1).
void overflow_a_window(Stage& stage) {
  peers::Http2Client client = stage.connect_http2();
  const std::int32_t first = client.request("/64m.bin");
  client.run_until_data(first, kSomeOfIt);
  constexpr std::string_view kMost("\0\0\4\10\0\0\0\0\1\177\377\377\377", 13);
  client.connection().send(std::string(kMost) + std::string(kMost));
  client.run_until_closed(first);
  client.run_until_closed(client.request("/small.txt"));
  stage.await_lines(2, kPatience);
}

void reset_while_the_server_waits(Stage& stage) {
  peers::Http2Client client = stage.connect_http2();
  client.request("/backend/hold");
  client.run_for(std::chrono::milliseconds(50));
  stage.wait_until_backend_holds();
  client.connection().reset();
  stage.let_backend_answer();
  stage.await_line();
}

void update_no_window(Stage& stage) {
  constexpr std::uint64_t kWholeWindow = 65535;
  peers::Http2Client client = stage.connect_http2({.update_windows = false});
  client.run_until_data(client.request("/64m.bin"), kWholeWindow);
  stage.await_lines(1, kPatience);
}

/// For a response whose head may not come either: a server may keep it back until a body follows.
constexpr std::chrono::milliseconds kLongEnough{100};

/// Keeps the stream's window closed, so that not even a small body can leave the server.
peers::Http2Client connect_with_closed_stream_window(Stage& stage) {
  return stage.connect_http2({.stream_window = 0, .update_windows = false});
}

void open_no_window_at_all(Stage& stage) {
  peers::Http2Client client = connect_with_closed_stream_window(stage);
  client.request("/small.txt");
  client.run_for(kLongEnough);
  stage.await_lines(1, kPatience);
}

void cancel_what_never_left(Stage& stage) {
  peers::Http2Client client = connect_with_closed_stream_window(stage);
  const std::int32_t stream = client.request("/small.txt");
  client.run_for(kLongEnough);
  client.cancel(stream);
  client.run_for(kLongEnough);
  stage.await_lines(1, kPatience);
}

void wait_for_a_backend_slower_than_the_timer(Stage& stage) {
  peers::Http2Client client = stage.connect_http2();
  client.run_until_closed(client.request("/backend/wait?ms=3000&bytes=100"));
  stage.await_lines(1, kPatience);
}

void fetch_two_at_once(Stage& stage) {
  peers::Http2Client client = stage.connect_http2();
  const std::int32_t medium = client.request("/medium.bin");
  const std::int32_t small = client.request("/small.txt");
  client.run_until_closed(medium);
  client.run_until_closed(small);
  stage.await_lines(2, kPatience);
}

}  // namespace

Scenarios http2_scenarios() {
  return {
      {.name = "TwoStreamsAtOnce",
       .title = "Two streams on one connection each have their own good end.",
       .protocols = kHttp2Only,
       .play = until_logged<fetch_two_at_once>,
       .lines = {good("/medium.bin"), good("/small.txt")}},
      {.name = "StreamCancelledInMidBody",
       .title = "A cancelled stream is a stream_reset, and its neighbour is unharmed.",
       .protocols = kHttp2Only,
       .play = until_logged<cancel_one_of_two>,
       .lines = {{.fate = {"stream_reset"},
                  .phase = {"sending"},
                  .close = {"open"},
                  .status = {200},
                  .uri = "/64m.bin"},
                 good("/small.txt")}},
      {.name = "StreamCancelledWhileServerWaits",
       .title = "A stream cancelled while the backend thinks is a stream_reset, too.",
       .protocols = kHttp2Only,
       .play = until_logged<cancel_while_the_server_waits>,
       .lines = {{.fate = {"stream_reset"},
                  .phase = {"waiting", "sending"},
                  .close = {"open"},
                  .uri = "/backend/hold"},
                 good("/small.txt")}},
      {.name = "ConnectionResetInMidBody",
       .title = "A RST on the connection in mid body is rst_received, not a stream_reset.",
       .protocols = kHttp2Only,
       .play = reset_in_mid_body,
       .lines =
           {{.fate = {"rst_received"}, .phase = {"sending"}, .close = {"rst"}, .status = {200}}}},
      {.name = "ConnectionResetWhileServerWaits",
       .title = "A RST on the connection while the backend thinks is rst_received.",
       .protocols = kHttp2Only,
       .play = reset_while_the_server_waits,
       .lines = {{.fate = {"rst_received"}, .phase = {"waiting", "sending"}, .close = {"rst"}}}},
      {.name = "GoodbyeInMidBody",
       .title = "A client that says goodbye over TLS has left: client_abort, before any FIN.",
       .protocols = {Protocol::kHttp2Tls},
       .play = until_logged<say_goodbye_in_mid_body>,
       .lines =
           {{.fate = {"client_abort"}, .phase = {"sending"}, .close = {"open"}, .status = {200}}},
       .on = On::kNginx},
      {.name = "GoodbyeWhileServerWaits",
       .title = "So it is while the backend thinks.",
       .protocols = {Protocol::kHttp2Tls},
       .play = until_logged<say_goodbye_while_the_server_waits>,
       .lines =
           {{.fate = {"client_abort"}, .phase = {"waiting"}, .close = {"open"}, .status = {499}}},
       .on = On::kNginx},
      {.name = "ServerEndsTheConnection",
       .title = "A GOAWAY of the server ends all streams: server_abort, whatever its reason.",
       .protocols = kHttp2Only,
       .play = until_logged<break_the_protocol>,
       .lines = {{.fate = {"server_abort"},
                  .phase = {"sending"},
                  .status = {200},
                  .where = {kProtocolError}}},
       .on = On::kNginx},
      {.name = "ServerResetsTheStream",
       .title = "So does its RST_STREAM one of them, and the neighbour is unharmed.",
       .protocols = kHttp2Only,
       .play = until_logged<overflow_a_window>,
       .lines = {{.fate = {"server_abort"},
                  .phase = {"sending"},
                  .close = {"open"},
                  .status = {200},
                  .where = {kFlowControlError},
                  .uri = "/64m.bin"},
                 good("/small.txt")},
       .on = On::kNginx},
      {.name = "ClientUpdatesNoWindow",
       .title = "A client that closes its HTTP/2 window has stalled, although TCP is perfect.",
       .protocols = kHttp2Only,
       .play = until_logged<update_no_window>,
       .lines = {{.fate = {"client_stalled"},
                  .phase = {"sending"},
                  .close = {"open"},
                  .status = {200}}}},
      {.name = "ClientOpensNoWindow",
       .title = "A small response that the client's window never let out is not delivered.",
       .protocols = kHttp2Only,
       .play = until_logged<open_no_window_at_all>,
       .lines = {{.fate = {"client_stalled"},
                  .phase = {"waiting", "sending"},
                  .close = {"open"},
                  .status = {200}}}},
      {.name = "CancelledBeforeItLeft",
       .title = "Nor is it when the client cancels it: that is a stream_reset.",
       .protocols = kHttp2Only,
       .play = until_logged<cancel_what_never_left>,
       .lines = {{.fate = {"stream_reset"},
                  .phase = {"waiting", "sending"},
                  .close = {"open"},
                  .status = {200}}}},
      {.name = "BackendSlowerThanTheTimer",
       .title = "A backend slower than the server's own timer is never the client's fault.",
       .protocols = kHttp2Only,
       .play = until_logged<wait_for_a_backend_slower_than_the_timer>,
       .lines = {{.fate = {"delivered", "pending", "server_abort", "server_timeout", "unknown"}}}},
  };
}

}  // namespace connfate::harness

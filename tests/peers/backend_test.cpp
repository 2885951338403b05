// SPDX-License-Identifier: Apache-2.0
// What each path of Backend does on the wire.

#include "peers/backend.hpp"

#include <gtest/gtest.h>

#include "peers/client.hpp"
#include "peers/websocket.hpp"

namespace connfate::peers {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

struct Visit {
  explicit Visit(const std::string& path, bool keepalive = true) : client(backend.address()) {
    client.get(path, keepalive);
  }
  Backend backend;
  Client client;
};

TEST(Backend, ok_answers_behind_any_prefix_and_keeps_the_connection) {
  Visit visit("/some/prefix/ok?x=1&bytes=100000");
  for (int round = 0; round < 2; ++round) {
    const Client::Response response = visit.client.read_response();
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body_bytes, 100000U);
    EXPECT_TRUE(response.complete);
    visit.client.get("/ok?bytes=100000");
  }
}

TEST(Backend, closes_after_the_response_when_asked_to) {
  Visit visit("/ok?bytes=3", false);
  EXPECT_EQ(visit.client.read_response().body_bytes, 3U);
  EXPECT_EQ(visit.client.read_some(), "");
  EXPECT_FALSE(visit.client.was_reset());
}

TEST(Backend, reads_a_request_body_first) {
  const Backend backend;
  Client client(backend.address());
  client.send("POST /ok?bytes=1 HTTP/1.1\r\nContent-Length: 5\r\n\r\nhel");
  EXPECT_EQ(client.read_some_for(milliseconds(30)), std::nullopt);
  client.send("lo");
  EXPECT_EQ(client.read_response().status, 200);
}

TEST(Backend, unknown_path_is_not_found) {
  EXPECT_EQ(Visit("/nonsense").client.read_response().status, 404);
}

TEST(Backend, wait_answers_late) {
  const auto start = steady_clock::now();
  EXPECT_EQ(Visit("/wait?ms=60&bytes=2").client.read_response().body_bytes, 2U);
  EXPECT_GE(steady_clock::now() - start, milliseconds(60));
}

TEST(Backend, hold_answers_only_when_released) {
  Visit visit("/hold");
  ASSERT_TRUE(visit.backend.wait_held(1));
  EXPECT_EQ(visit.client.read_some_for(milliseconds(30)), std::nullopt);
  visit.backend.release();
  EXPECT_EQ(visit.client.read_response().body_bytes, 5U);
  EXPECT_EQ(visit.backend.held(), 0);
}

TEST(Backend, wait_held_gives_up) {
  Backend backend;
  EXPECT_FALSE(backend.wait_held(1, milliseconds(10)));
}

TEST(Backend, die_closes_in_the_middle) {
  Visit visit("/die?after=7&bytes=1000");
  const Client::Response response = visit.client.read_response();
  EXPECT_EQ(response.body_bytes, 7U);
  EXPECT_FALSE(response.complete);
  EXPECT_FALSE(visit.client.was_reset());
}

TEST(Backend, rst_delivers_its_bytes_and_resets) {
  Visit visit("/rst?after=200000&bytes=1000000");
  const Client::Response response = visit.client.read_response();
  EXPECT_EQ(response.body_bytes, 200000U);
  EXPECT_TRUE(visit.client.was_reset());
}

TEST(Backend, stream_comes_in_chunks_over_time) {
  const auto start = steady_clock::now();
  const Client::Response response = Visit("/stream?bytes=25&step=10&ms=20").client.read_response();
  EXPECT_EQ(response.body_bytes, 25U);
  EXPECT_TRUE(response.complete);
  EXPECT_GE(steady_clock::now() - start, milliseconds(40));
}

TEST(Backend, stream_to_http_1_0_ends_with_the_connection) {
  const Backend backend;
  Client client(backend.address());
  client.send("GET /stream?bytes=25&step=10 HTTP/1.0\r\n\r\n");
  const Client::Response response = client.read_response();
  EXPECT_EQ(response.headers.find("chunked"), std::string::npos);
  EXPECT_EQ(response.body_bytes, 25U);
}

TEST(Backend, stall_sends_its_bytes_and_then_nothing) {
  Visit visit("/stall?after=7&bytes=1000");
  visit.client.read_headers();
  EXPECT_EQ(visit.client.read_exactly(7), "xxxxxxx");
  EXPECT_EQ(visit.client.read_some_for(milliseconds(50)), std::nullopt);
}

TEST(Backend, websocket_is_accepted_and_echoes) {
  const Backend backend;
  Client client(backend.address());
  client.send(upgrade_request("/ws", "peer.test"));
  const std::string head = client.read_headers();
  EXPECT_TRUE(head.starts_with("HTTP/1.1 101 "));
  EXPECT_NE(head.find("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"), std::string::npos);
  const std::string frame = text_frame("Hello");
  client.send(frame);
  EXPECT_EQ(client.read_exactly(frame.size()), frame);
}

TEST(Backend, websocket_floods) {
  const Backend backend;
  Client client(backend.address());
  client.send(upgrade_request("/ws?flood=1", "peer.test"));
  client.read_headers();
  EXPECT_EQ(client.read_exactly(10 << 20).size(), std::size_t{10 << 20});
}

TEST(Backend, ends_promptly_whatever_its_sessions_do) {
  const auto start = steady_clock::now();
  {
    Backend backend;
    std::vector<Client> clients;
    for (const char* path : {"/hold", "/wait?ms=60000", "/stall?bytes=9", "/ok?bytes=999999999"}) {
      clients.emplace_back(backend.address()).get(path);
    }
    clients.emplace_back(backend.address());
    ASSERT_TRUE(backend.wait_held(1));
  }
  EXPECT_LT(steady_clock::now() - start, std::chrono::seconds(5));
}

TEST(WebSocket, frames_are_those_of_the_rfc) {
  EXPECT_EQ(text_frame("Hello"), "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58");  // section 5.7
  EXPECT_EQ(text_frame(std::string(300, 'x')).substr(0, 4), std::string("\x81\xfe\x01\x2c"));
  EXPECT_EQ(server_frame(65536).substr(0, 10), std::string("\x82\x7f\0\0\0\0\0\1\0\0", 10));
}

}  // namespace
}  // namespace connfate::peers

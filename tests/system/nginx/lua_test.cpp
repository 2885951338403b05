// SPDX-License-Identifier: Apache-2.0
// Handlers in lua: they serve WebSockets without a backend, end requests in nginx's place, and fail
// after the head of a response.
#include "peers/websocket.hpp"
#include "system/nginx/nginx_stage.hpp"

namespace connfate::harness {
namespace {

using namespace std::string_literals;

constexpr std::string_view kLua = R"(
server {
  listen @PORT@;
  location /ws { content_by_lua_block {
    ngx.status = 101
    ngx.header["Upgrade"] = "websocket"
    ngx.header["Connection"] = "upgrade"
    ngx.send_headers()
    ngx.flush(true)
    local sock = ngx.req.socket(true)
    sock:settimeout(5000)
    while true do
      local head = sock:receive(2)
      if not head then return ngx.exit(ngx.ERROR) end
      local size = head:byte(2) % 128
      local rest = sock:receive(4 + size)
      if not rest then return ngx.exit(ngx.ERROR) end
      sock:send(string.char(head:byte(1), size) .. rest:sub(5))
      if head:byte(1) % 16 == 8 then return end
    end
  } }
  location /gives-up { lua_check_client_abort on; content_by_lua_block {
    ngx.on_abort(function() ngx.exit(499) end)
    ngx.sleep(8)
    ngx.say("done")
  } }
  location /fails-behind-its-head { content_by_lua_block {
    ngx.send_headers()
    ngx.exit(ngx.ERROR)
  } }
  location /asks { content_by_lua_block {
    ngx.say(ngx.var.connfate, " ", ngx.var.connfate_by, " ", ngx.var.connfate_typo)
  } }
}
)";

class LuaTest : public NginxStage {
 protected:
  void start_with_lua() {
    need({"ndk_http_module", "ngx_http_lua_module"});
    if (IsSkipped()) return;
    port_ = another_port();
    std::string config(kLua);
    config.replace(config.find("@PORT@"), 6, std::to_string(port_));
    start(config);
  }

  peers::Client open_tunnel() const {
    peers::Client client = connect(peers::Transport::kCleartext, port_);
    client.send(peers::upgrade_request("/ws", "connfate.test"));
    client.read_headers();
    client.send(peers::text_frame("hello"));
    client.read_exactly(7);
    return client;
  }

  std::uint16_t port_ = 0;
};

TEST_F(LuaTest, AWebSocketClosedByTheBookIsDelivered) {
  start_with_lua();
  if (IsSkipped()) return;
  peers::Client client = open_tunnel();
  client.send("\x88\x82\0\0\0\0\x03\xe8"s);
  client.drain();
  expect_good(server_->wait_for_line(client.local_port()));
}

TEST_F(LuaTest, AWebSocketThatTheClientClosesIsDelivered) {
  start_with_lua();
  if (IsSkipped()) return;
  peers::Client client = open_tunnel();
  client.half_close();
  client.drain();
  const LogLine line = server_->wait_for_line(client.local_port());
  expect_fate(line, "delivered");
  EXPECT_EQ(line.field("rule"), "tunnel-closed") << line.text;
}

TEST_F(LuaTest, WhoGivesUpBecauseTheClientLeftIsNotToBlame) {
  start_with_lua();
  if (IsSkipped()) return;
  peers::Client client = connect(peers::Transport::kCleartext, port_);
  client.send(request_for("/gives-up"));
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  client.half_close();
  expect_fate(server_->wait_for_line(client.local_port()), "client_abort", "client");
}

TEST_F(LuaTest, AResponseToHeadIsWholeWithItsHead) {
  start_with_lua();
  if (IsSkipped()) return;
  expect_good(line_of(request_for("/fails-behind-its-head", "HEAD"), port_));
  expect_fate(line_of(request_for("/fails-behind-its-head"), port_), "server_abort", "server");
}

TEST_F(LuaTest, VariablesAreFoundByName) {
  start_with_lua();
  if (IsSkipped()) return;
  peers::Client client = connect(peers::Transport::kCleartext, port_);
  client.send(request_for("/asks"));
  client.read_headers();
  EXPECT_NE(client.read_some().find("unknown unknown nil"), std::string::npos);
}

}  // namespace
}  // namespace connfate::harness

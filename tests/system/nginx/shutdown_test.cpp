// SPDX-License-Identifier: Apache-2.0
// A worker that is told to go and may wait no longer ends what is under way: that is the server's
// doing, whatever carried it.
#include <algorithm>

#include "harness/deadline.hpp"
#include "peers/websocket.hpp"
#include "system/nginx/nginx_stage.hpp"

namespace connfate::harness {
namespace {

using peers::Transport;

class ShutdownTest : public NginxStage, public testing::WithParamInterface<Transport> {
 protected:
  /// No other timer of the server shall come first.
  void start_impatient() {
    options_.send_timeout = std::chrono::seconds(30);
    tunnel_port_ = another_port();
    const bool tls = GetParam() == Transport::kTls;
    start("server { listen " + std::to_string(tunnel_port_) + (tls ? " ssl" : "") +
          "; ssl_certificate certificate.pem; ssl_certificate_key key.pem;\n"
          "location / { proxy_pass http://" +
          options_.backend.ip + ":" + std::to_string(options_.backend.port) +
          "; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade; } }\n");
    const auto file = server_->access_log().parent_path() / "server.conf";
    write_file(file, "worker_shutdown_timeout 1s;\n" + read_file(file));
    const auto before = server_->workers();
    server_->reload();
    const auto gone = [&] {
      const auto now = server_->workers();
      return std::ranges::find_first_of(now, before) == now.end();
    };
    ASSERT_TRUE(eventually(gone, std::chrono::seconds(10))) << "the patient worker still serves";
  }

  /// Reloads, and waits until the old worker has ended the connection.
  void expect_ended_here(int port) const {
    server_->reload();
    expect_fate(server_->wait_for_line(port), "server_abort", "server");
  }

  std::uint16_t tunnel_port_ = 0;
};

TEST_P(ShutdownTest, EndsAWebSocket) {
  start_impatient();
  peers::Client client = connect(GetParam(), tunnel_port_);
  client.send(peers::upgrade_request("/ws", "connfate.test"));
  client.read_headers();
  client.send(peers::text_frame("hello"));
  client.read_some();
  expect_ended_here(client.local_port());
}

TEST_P(ShutdownTest, EndsADownload) {
  start_impatient();
  peers::Client client = connect(GetParam());
  client.get("/64m.bin");
  client.read_exactly(100'000);
  expect_ended_here(client.local_port());
}

TEST_P(ShutdownTest, EndsAStream) {
  start_impatient();
  const InNamespace here = lab_->enter_client();
  const bool tls = GetParam() == Transport::kTls;
  peers::Http2Client client(tls ? server_->address(GetParam()) : server_->h2c_address(),
                            {.connection = {.transport = GetParam()}, .update_windows = false});
  client.run_until_data(client.request("/64m.bin"), 60'000);
  expect_ended_here(client.connection().local_port());
}

INSTANTIATE_TEST_SUITE_P(Over, ShutdownTest,
                         testing::Values(Transport::kCleartext, Transport::kTls),
                         [](const auto& parameter) {
                           return parameter.param == Transport::kTls ? "Tls" : "Cleartext";
                         });

}  // namespace
}  // namespace connfate::harness

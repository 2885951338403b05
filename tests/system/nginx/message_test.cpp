// SPDX-License-Identifier: Apache-2.0
// A message is whole when its own framing says so, whatever nginx calls it; and every byte that
// came in is counted, the PROXY protocol's header too.
#include <latch>
#include <thread>

#include "system/nginx/nginx_stage.hpp"

namespace connfate::harness {
namespace {

using namespace std::string_literals;
using peers::Transport;

/// A FastCGI record that carries `text` to standard output (type 6).
std::string fastcgi_output(const std::string& text) {
  const auto byte = [](std::size_t value) { return static_cast<char>(value & 0xffU); };
  return "\x01\x06\x00\x01"s + byte(text.size() >> 8U) + byte(text.size()) + "\0\0"s + text;
}

const std::string kEndRequest = "\x01\x03\x00\x01\x00\x08\x00\x00\0\0\0\0\0\0\0\0"s;

class MessageTest : public NginxStage {
 protected:
  void start_with_fastcgi() {
    const auto port = std::to_string(listen_as_backend().address().port);
    fastcgi_port_ = another_port();
    start("server { listen " + std::to_string(fastcgi_port_) +
          "; location / { fastcgi_ignore_client_abort on; fastcgi_buffering off; fastcgi_pass "
          "127.0.0.1:" +
          port + "; } }\n");
  }

  /// One request, which the backend answers with `bytes` and a FIN.
  LogLine answer_with(const std::string& bytes) {
    std::jthread backend([&] {
      const peers::RawSocket socket = raw_->accept();
      socket.read();
      socket.write(bytes);
    });
    const LogLine line = line_of(request_for("/"), fastcgi_port_);
    backend.join();
    return line;
  }

  std::uint16_t fastcgi_port_ = 0;
};

TEST_F(MessageTest, FewerBytesThanAnnouncedAreNotDelivered) {
  start_with_fastcgi();
  const std::string head = "Content-Type: text/plain\r\nContent-Length: 1000\r\n\r\n";
  expect_fate(answer_with(fastcgi_output(head + std::string(400, 'y'))), "server_abort", "server");
  expect_good(answer_with(fastcgi_output(head + std::string(1000, 'y')) + kEndRequest));
}

TEST_F(MessageTest, ContinueIsNoPartOfTheBody) {
  start_with_fastcgi();
  const std::string head = "Content-Type: text/plain\r\nContent-Length: 1000\r\n\r\n";
  std::jthread backend([&] {
    const peers::RawSocket socket = raw_->accept();
    socket.read();
    socket.write(fastcgi_output(head + std::string(990, 'y')));
  });
  const LogLine line =
      line_of(request_for("/", "POST",
                          "Connection: close\r\nContent-Length: 2\r\nExpect: 100-continue\r\n") +
                  "ab",
              fastcgi_port_);
  backend.join();
  expect_fate(line, "server_abort", "server");
}

TEST_F(MessageTest, ABackendsStatus499DoesNotAccuseAClientThatHalfClosed) {
  start_with_fastcgi();
  std::latch client_is_done(1);
  std::jthread backend([&] {
    const peers::RawSocket socket = raw_->accept();
    socket.read();
    socket.write(fastcgi_output("Status: 499 Token Required\r\nContent-Length: 1000\r\n\r\n" +
                                std::string(400, 'y')));
    client_is_done.wait();
  });
  peers::Client client = connect(Transport::kCleartext, fastcgi_port_);
  client.send(request_for("/"));
  client.read_headers();
  client.half_close();
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  client_is_done.count_down();
  client.drain();
  expect_fate(server_->wait_for_line(client.local_port()), "server_abort", "server");
}

TEST_F(MessageTest, AProxyHeaderInASegmentOfItsOwnIsCounted) {
  const auto port = another_port();
  const auto root = std::string("server { listen ") + std::to_string(port) +
                    " proxy_protocol; location / { return 200 \"" + std::string(3000, 'x') +
                    "\"; } location /wait { proxy_pass http://" + options_.backend.ip + ":" +
                    std::to_string(options_.backend.port) +
                    "/hold; proxy_ignore_client_abort on; } }\n";
  start(root);
  peers::Client client = connect(Transport::kCleartext, port);
  client.send("PROXY TCP4 192.0.2.1 192.0.2.2 1000 80\r\n");
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  client.send(request_for("/wait"));
  ASSERT_TRUE(backend_->wait_held(1));
  client.half_close();
  client.reset();
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  backend_->release();
  const LogLine line = server_->wait_for_line(client.local_port());
  expect_fate(line, "broken_pipe", "client");
}

}  // namespace
}  // namespace connfate::harness

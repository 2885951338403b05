// SPDX-License-Identifier: Apache-2.0
// Whose goodbye came first: the client's close_notify, GOAWAY and FIN, the server's own RST_STREAM,
// and timers of which HTTP/2 has two.
#include <thread>

#include "system/httpd/httpd_stage.hpp"

namespace connfate::harness {
namespace {

using peers::Transport;
using std::chrono::milliseconds;

constexpr std::uint64_t kSomeOfIt = 100'000;

void expect(const LogLine& line, const char* fate, const char* by) {
  EXPECT_EQ(line.field("fate"), fate) << line.text;
  EXPECT_EQ(line.field("by"), by) << line.text;
}

class GoodbyeTest : public HttpdStage {
 protected:
  peers::Http2Client connect(bool tls) const {
    const auto transport = tls ? Transport::kTls : Transport::kCleartext;
    const auto address = tls ? server_->address(transport) : server_->h2c_address();
    return peers::Http2Client(address, {.connection = {.transport = transport}});
  }

  /// A download under way over HTTP/2; `leave` ends it. The line says that the client left.
  template <typename Leave>
  void expect_client_left(bool tls, Leave leave) {
    const InNamespace here = lab_->enter_client();
    peers::Http2Client client = connect(tls);
    client.run_until_data(client.request("/64m.bin"), kSomeOfIt);
    leave(client);
    const int port = client.connection().local_port();
    client.connection().drain_slowly(65536, milliseconds(1), kWait);
    client.connection().close();
    const LogLine line = server_->wait_for_line(port);
    expect(line, "client_abort", "client");
    EXPECT_EQ(final_of(line)["by"], "client") << final_of(line);
  }

  static constexpr milliseconds kWait{500};
};

TEST_P(GoodbyeTest, ACloseNotifyIsTheClientsGoodbye) {
  start();
  expect_client_left(true, [](peers::Http2Client& c) { c.connection().close_notify(); });
}

TEST_P(GoodbyeTest, SoIsACloseNotifyWithAFin) {
  start();
  expect_client_left(true, [](peers::Http2Client& c) {
    c.connection().close_notify();
    c.connection().half_close();
  });
}

TEST_P(GoodbyeTest, SoIsAGoawayWithAFin) {
  start();
  for (const bool tls : {false, true}) {
    expect_client_left(tls, [](peers::Http2Client& c) {
      c.goaway();
      c.connection().half_close();
    });
  }
}

TEST_P(GoodbyeTest, OurOwnResetOfAStreamIsOurs) {
  script("bad.sh", "#!/bin/sh\nprintf 'Bad\\001Name: x\\r\\nContent-Type: a\\r\\n\\r\\nbody'\n");
  start();
  const InNamespace here = lab_->enter_client();
  peers::Http2Client client = connect(false);
  const std::int32_t stream = client.request("/cgi/bad.sh");
  client.run_until_closed(stream);
  const bool whole = client.stream(stream).error_code == 0;
  client.connection().close();
  const LogLine line = server_->wait_for_line(client.connection().local_port());
  if (whole) {
    EXPECT_EQ(line.field("fate"), "delivered") << line.text;
  } else {
    expect(line, "server_abort", "server");
    EXPECT_NE(line.field("reset_code"), "") << line.text;
    EXPECT_EQ(final_of(line)["by"], "server") << final_of(line);
  }
}

TEST_P(GoodbyeTest, AStreamThatItsHandlerAbandonedIsNotTheClientsWhoWaited) {
  script("dies.php",
         "<?php echo str_repeat('x', 84000); flush(); usleep(100000); posix_kill(getmypid(), 9);");
  start_php();
  if (IsSkipped()) return;
  start();
  for (const bool cancels : {false, true}) {
    const InNamespace here = lab_->enter_client();
    peers::Http2Client client = connect(true);
    const std::int32_t stream = client.request("/php/dies.php");
    client.run_for(kWait);
    EXPECT_FALSE(client.stream(stream).closed && client.stream(stream).error_code == 0);
    if (cancels) client.cancel(stream);
    client.connection().half_close();
    expect(server_->wait_for_line(client.connection().local_port()), "server_abort", "server");
  }
}

TEST_P(GoodbyeTest, ABackendThatBreaksBeforeTheHeadHasADeliveredErrorPage) {
  auto& backend = listen_for_scgi();
  start();
  std::jthread broken([&] { backend.accept().read(); });
  const InNamespace here = lab_->enter_client();
  peers::Http2Client client = connect(false);
  const std::int32_t stream = client.request("/raw/");
  client.run_until_closed(stream);
  EXPECT_EQ(client.stream(stream).status, 500);
  EXPECT_EQ(client.stream(stream).error_code, 0U);
  // The request that the backend left unanswered, and that for mod_http2's own page.
  const int port = client.connection().local_port();
  server_->wait_for_line(port, 2);
  for (const LogLine& line : server_->log_lines_of(port)) {
    EXPECT_TRUE(line.field("fate") == "delivered" || line.field("fate") == "pending") << line.text;
  }
}

TEST_P(GoodbyeTest, AStreamThatTheTimerEndsOnASilentPathIsStalled) {
  start();
  for (const char* path : {"/64m.bin", "/nosf/64m.bin"}) {
    const InNamespace here = lab_->enter_client();
    peers::Http2Client client = connect(false);
    client.run_until_data(client.request(path), kSomeOfIt);
    const int port = client.connection().local_port();
    std::jthread reader([&] { client.run_for(milliseconds(3000)); });
    lab_->block(Block::kDropToClient, static_cast<std::uint16_t>(port));
    const LogLine line = server_->wait_for_line(port);
    reader.join();
    lab_->unblock();
    expect(line, "ack_stalled", "peer");
  }
}

INSTANTIATE_TEST_SUITE_P(Httpd, GoodbyeTest, testing::ValuesIn(kHttp2Httpds), httpd_name);

class TlsGoodbyeTest : public HttpdStage {};

TEST_P(TlsGoodbyeTest, ACloseNotifyAndAFinBeforeTheRstAreTheClients) {
  start();
  const InNamespace here = lab_->enter_client();
  for (const bool notify : {true, false}) {
    peers::Client client(server_->address(Transport::kTls), {.transport = Transport::kTls});
    client.get("/64m.bin");
    client.drain_slowly(16384, milliseconds(10), milliseconds(300));
    if (notify) client.close_notify();
    client.half_close();
    std::this_thread::sleep_for(milliseconds(50));
    const int port = client.local_port();
    client.reset();
    const LogLine line = server_->wait_for_line(port);
    expect(line, "broken_pipe", "client");
    EXPECT_EQ(final_of(line)["fate"], "broken_pipe") << final_of(line);
  }
}

TEST_P(TlsGoodbyeTest, ARstWithoutAFinIsNotTheClientsForSure) {
  start();
  const InNamespace here = lab_->enter_client();
  for (const bool notify : {true, false}) {
    peers::Client client(server_->address(Transport::kTls), {.transport = Transport::kTls});
    client.get("/64m.bin");
    client.read_exactly(kSomeOfIt);
    if (notify) client.close_notify();
    std::this_thread::sleep_for(milliseconds(50));
    const int port = client.local_port();
    client.reset();
    expect(server_->wait_for_line(port), "rst_received", "peer");
  }
}

INSTANTIATE_TEST_SUITE_P(Httpd, TlsGoodbyeTest, testing::ValuesIn(kEventAndPrefork), httpd_name);

}  // namespace
}  // namespace connfate::harness

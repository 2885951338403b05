// SPDX-License-Identifier: Apache-2.0
// Connections that are not the usual ones, on real servers: both families, a port that is used
// again at once, and connections without a request.
#include <gtest/gtest.h>
#include <openssl/bio.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <memory>
#include <thread>

#include "harness/deadline.hpp"
#include "peers/client.hpp"
#include "system/witness/witness_house.hpp"

namespace connfate::harness {
namespace {

using peers::Transport;
using std::chrono::seconds;

/// One more listener: dual-stack also with nginx, and impatient with idle connections.
std::string impatient_listener(ServerKind kind, std::uint16_t port, const peers::Address& backend) {
  const std::string listen = std::to_string(port);
  const std::string to = "http://" + backend.ip + ":" + std::to_string(backend.port) + "/;";
  if (kind == ServerKind::kNginx) {
    return "server { listen [::]:" + listen + " ipv6only=off; keepalive_timeout 1s;" +
           " location /backend/ { proxy_pass " + to + " } }";
  }
  return "Listen " + listen + "\n<VirtualHost *:" + listen + ">\nKeepAliveTimeout 1\n" +
         "</VirtualHost>\n";
}

class WitnessFaultsTest : public WitnessStory {
 protected:
  WitnessHouse::Plan plan() const override {
    return {.sysctls = {.tcp_retries2 = 2}, .extra_config = impatient_listener};
  }
  peers::Address extra_address(const std::string& ip = Lab::server_ip()) const {
    return {ip, house().extra_port(GetParam())};
  }
  /// The witness knows a module's port from its first report on, or when it lists the listeners.
  void let_the_witness_know(const peers::Address& door,
                            Transport transport = Transport::kCleartext) {
    peers::Client client = connect(door, {.transport = transport});
    client.get("/backend/ok?bytes=1");
    client.read_response();
    final_response();
  }
};

TEST_P(WitnessFaultsTest, BothFamiliesAndBothKindsOfListenersAreTheSame) {
  const std::uint16_t port = server_->address(Transport::kCleartext).port;
  let_the_witness_know(server_->address(Transport::kCleartext));
  let_the_witness_know(extra_address());
  for (const peers::Address& door :
       {peers::Address{Lab::server_ip(), port}, peers::Address{Lab::server_ip6(), port},
        extra_address(Lab::server_ip()), extra_address(Lab::server_ip6())}) {
    SCOPED_TRACE(door.ip + " port " + std::to_string(door.port));
    peers::Client good = connect(door);
    good.get("/backend/ok?bytes=100");
    good.read_response();
    const Line delivered = final_response();
    EXPECT_EQ(delivered["fate"], "delivered") << delivered;
    EXPECT_EQ(delivered["client"], good.local_ip()) << delivered;
    EXPECT_EQ(delivered["local"], door.ip) << delivered;

    peers::Client rude = connect(door);
    rude.get("/backend/ok?bytes=60000000");
    rude.read_exactly(100'000);
    rude.reset();
    const Line reset = final_response();
    EXPECT_EQ(reset["fate"], "rst_received") << reset;
    EXPECT_NE(reset.value("rst_from", "path"), "path") << reset;
    EXPECT_EQ(reset["client"], rude.local_ip()) << reset;
    EXPECT_EQ(reset["capture"], "complete") << reset;
  }
}

// One port, two connections

TEST_P(WitnessFaultsTest, APortThatIsUsedAgainAtOnceIsAnotherConnection) {
  let_the_witness_know(stage_->address());
  peers::Client first = stage_->connect();
  first.get("/64m.bin");
  first.read_exactly(100'000);
  first.wait_until_acked_idle(std::chrono::milliseconds(200));
  const std::uint16_t port = first.local_port();
  first.reset();
  peers::Client second = connect(stage_->address(), {.local_port = port});
  second.get("/small.txt");
  second.read_response();
  const auto lines = witness_->final_responses(port, 2);
  ASSERT_EQ(lines.size(), 2U) << testing::PrintToString(witness_->lines_of(port));
  EXPECT_NE(lines[0]["cookie"], lines[1]["cookie"]);
  for (const Line& line : lines) {
    const bool is_first = line["uri"] == "/64m.bin";
    EXPECT_EQ(line["fate"], is_first ? "rst_received" : "delivered") << line;
    EXPECT_EQ(line.contains("rst_from"), is_first) << line;
    EXPECT_NE(line.value("rst_from", ""), "path") << line;
  }
}

/// The server holds the first socket while the second connection is already there.
TEST_P(WitnessFaultsTest, ADeadSocketThatTheServerStillHoldsKeepsItsOwnPackets) {
  let_the_witness_know(stage_->address());
  peers::Client first = stage_->connect();
  first.get("/backend-ignore/hold");
  stage_->wait_until_backend_holds();
  const std::uint16_t port = first.local_port();
  first.reset();
  Stage::settle();
  {
    peers::Client second = connect(stage_->address(), {.local_port = port});
    second.get("/64m.bin");
    second.read_exactly(100'000);
    stage_->let_backend_answer();
    server_->wait_for_line(port, 1);
    Stage::settle();
    second.reset();
  }
  const auto lines = witness_->final_responses(port, 2);
  ASSERT_EQ(lines.size(), 2U) << testing::PrintToString(witness_->lines_of(port));
  EXPECT_NE(lines[0]["cookie"], lines[1]["cookie"]);
  for (const Line& line : lines) {
    EXPECT_EQ(line["fate"], "rst_received") << line;
    EXPECT_NE(line.value("rst_from", "path"), "path") << line;
  }
}

// Connections without a request

/// The first message of a TLS handshake.
std::string client_hello() {
  const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_client_method()),
                                                                  SSL_CTX_free);
  const std::unique_ptr<SSL, decltype(&SSL_free)> tls(SSL_new(context.get()), SSL_free);
  SSL_set_bio(tls.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
  SSL_connect(tls.get());
  std::string bytes(4096, '\0');
  const int size = BIO_read(SSL_get_wbio(tls.get()), bytes.data(), static_cast<int>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(std::max(size, 0)));
  return bytes;
}

TEST_P(WitnessFaultsTest, AResetDuringTheTlsHandshakeIsALineAboutTheConnection) {
  let_the_witness_know(server_->address(Transport::kTls), Transport::kTls);
  const std::string hello = client_hello();
  peers::Client client = connect(server_->address(Transport::kTls));
  const auto before = witness_->lines().back()["time"].get<std::string>();
  client.send(hello.substr(0, hello.size() / 2));
  Stage::settle();
  client.reset();
  const Line line = connection_line();
  EXPECT_EQ(line["fate"], "rst_received") << line;
  EXPECT_EQ(line["rst_from"], "client") << line;
  EXPECT_EQ(line["rule"], "conn-rst-before-request") << line;
  EXPECT_GE(line["time"].get<std::string>(), before) << line;
  EXPECT_EQ(line["phase"], "request") << line;
  EXPECT_FALSE(line.contains("benign")) << line;
}

TEST_P(WitnessFaultsTest, ATlsHandshakeThatIsNeverAnsweredTimesOut) {
  let_the_witness_know(server_->address(Transport::kTls), Transport::kTls);
  peers::Client client = connect(server_->address(Transport::kTls));
  stage_->block(Block::kDropToClient);
  client.send(client_hello());
  const Line line = connection_line();
  EXPECT_EQ(line["fate"], "ack_timeout") << line;
  EXPECT_EQ(line["rule"], "conn-ack-timeout") << line;
  EXPECT_FALSE(line.contains("rst_from")) << line;
  EXPECT_NE(line["by"], "server") << line;
  EXPECT_NE(line["by"], "client") << line;
}

TEST_P(WitnessFaultsTest, ARequestAfterTheServersFinIsLostByTheServer) {
  if (!is_nginx()) GTEST_SKIP() << "httpd reads on after its FIN, and throws away what comes";
  let_the_witness_know(extra_address());
  peers::Client client = connect(extra_address());
  client.get("/backend/ok?bytes=100");
  client.read_response();
  EXPECT_EQ(client.read_some(), "") << "the FIN, after one idle second";
  client.get("/backend/ok?bytes=100");
  const Line line = connection_line();
  EXPECT_EQ(line["rule"], "conn-data-after-fin") << line;
  EXPECT_EQ(line["fate"], "server_abort") << line;
  EXPECT_EQ(line["by"], "server") << line;
  EXPECT_FALSE(line.contains("benign")) << line;
  EXPECT_EQ(final_response()["fate"], "delivered") << "the request before";
}

INSTANTIATE_TEST_SUITE_P(Every, WitnessFaultsTest,
                         testing::Values(ServerKind::kNginx, ServerKind::kEvent), name_of_server);

class TroubleOnlyTest : public WitnessStory {
 protected:
  WitnessHouse::Plan plan() const override {
    return {.witness = [](ServerKind) { return WitnessOptions{.log_all = false}; }};
  }
  /// Good, and so without a line. The witness knows the port from then on.
  int get_small_file() {
    peers::Client client = stage_->connect();
    client.get("/small.txt");
    client.read_response();
    stage_->await_line();
    return stage_->client_port();
  }
};

/// curl answers the server's FIN with its close_notify, and the server's kernel that with a RST.
TEST_P(TroubleOnlyTest, AGoodbyeAfterTheServersFinIsNoRequest) {
  get_small_file();
  const auto tls = server_->address(Transport::kTls);
  const std::string url = "https://" + tls.ip + ":" + std::to_string(tls.port) + "/small.txt";
  for (int i = 0; i < 10; ++i) {
    const Outcome curl =
        run({"curl", "-sk", "-m", "5", "--http1.1", "-H", "Connection: close", url});
    EXPECT_EQ(curl.exit_code, 0) << curl.output;
  }
  Stage::settle();
  peers::Client client = stage_->connect();
  client.get("/64m.bin");
  Stage::settle();
  client.reset();
  EXPECT_EQ(final_response()["fate"], "rst_received") << "and whatever ended before is decided";
  for (const Line& line : witness_->lines()) {
    EXPECT_NE(line.value("rule", ""), "conn-data-after-fin") << line;
  }
}

INSTANTIATE_TEST_SUITE_P(Every, TroubleOnlyTest,
                         testing::Values(ServerKind::kNginx, ServerKind::kEvent), name_of_server);

}  // namespace
}  // namespace connfate::harness

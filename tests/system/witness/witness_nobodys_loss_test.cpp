// SPDX-License-Identifier: Apache-2.0
// What is nobody's loss, on real servers: connections that ask for nothing, and a client whose RST
// acknowledges all it was sent. And a request that was swallowed on its way, which is another
// thing.
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <nlohmann/json.hpp>

#include "peers/client.hpp"
#include "system/witness/witness_house.hpp"

namespace connfate::harness {
namespace {

using peers::Transport;

class NobodysLossTest : public WitnessStory {
 protected:
  /// The witness knows the port from then on.
  void get_small_file() {
    peers::Client client = stage_->connect();
    client.get("/small.txt");
    client.read_response();
    stage_->await_line();
  }
  /// Whatever was ended before is decided when the end of this response is.
  void lose_a_response() {
    peers::Client client = stage_->connect();
    client.get("/64m.bin");
    Stage::settle();
    client.reset();
    EXPECT_EQ(final_response()["fate"], "rst_received");
  }
  Line any_line() {
    return witness_->wait_for(stage_->client_port(), [](const Line&) { return true; });
  }
};

/// A browser's preconnect, until the server's timer ends it. httpd logs it, nginx does not.
TEST_P(NobodysLossTest, APreconnectAskedForNothing) {
  get_small_file();
  const peers::Client client = stage_->connect();
  const Line line = any_line();
  EXPECT_EQ(line["fate"], "no_request") << line;
  EXPECT_EQ(line["by"], "-") << line;
  EXPECT_EQ(line["event"], is_nginx() ? "connection" : "response") << line;
  EXPECT_EQ(line["benign"], true) << line;
}

/// As browsers do: the session is opened in advance, and never used.
TEST_P(NobodysLossTest, APreconnectOverTlsAskedForNothing) {
  const peers::Address door = server_->address(Transport::kTls);
  {
    peers::Client known = connect(door, {.transport = Transport::kTls});
    known.get("/small.txt");
    known.read_response();
    final_response();
  }
  const peers::Client client = connect(door, {.transport = Transport::kTls});
  const Line line = any_line();
  EXPECT_EQ(line["fate"], "no_request") << line;
  EXPECT_EQ(line["by"], "-") << line;
  EXPECT_EQ(line["rule"], is_nginx() ? "conn-only-handshake" : "no-request-byte") << line;
}

TEST_P(NobodysLossTest, ACheckThatClosesAskedForNothing) {
  get_small_file();
  peers::Client client = stage_->connect();
  Stage::settle();
  client.close();
  const Line line = any_line();
  EXPECT_EQ(line["fate"], "no_request") << line;
  EXPECT_EQ(line["close"], "fin") << line;
}

TEST_P(NobodysLossTest, ACheckThatResetsAskedForNothing) {
  get_small_file();
  peers::Client client = stage_->connect();
  client.reset();
  const Line line = any_line();
  EXPECT_EQ(line["fate"], "no_request") << line;
  EXPECT_EQ(line["by"], "-") << line;
  EXPECT_EQ(line["close"], "rst") << line;
  EXPECT_EQ(line["benign"], true) << line;
}

/// The router drops the request, and lets the FIN behind it pass.
TEST_P(NobodysLossTest, ARequestThatWasSwallowedOnItsWayIsAnotherThing) {
  get_small_file();
  peers::Client client = stage_->connect();
  stage_->block(Block::kDropDataToServer);
  client.get("/small.txt?what=a-request-that-is-longer-than-a-fin");
  client.half_close();
  const Line line = any_line();
  EXPECT_EQ(line["fate"], "request_timeout") << line;
  EXPECT_EQ(line["by"], "peer") << line;
  EXPECT_FALSE(line.contains("benign")) << line;
}

/// As HAProxy ends a check: the answer lies unread, its acknowledgement waits, and the RST has it.
TEST_P(NobodysLossTest, AClientsResetMayAcknowledgeTheWholeResponse) {
  get_small_file();
  peers::Client client = stage_->connect();
  const int off = 0;
  ::setsockopt(client.native_handle(), IPPROTO_TCP, TCP_QUICKACK, &off, sizeof off);
  client.get("/small.txt", false);
  ASSERT_TRUE(client.wait_unread(1));
  client.reset();
  const Line line = final_response();
  EXPECT_EQ(line["fate"], "delivered") << line;
  EXPECT_EQ(line["by"], "-") << line;
  EXPECT_EQ(line["close"], "rst") << line;
  EXPECT_EQ(line["rule"], "final-acknowledged-by-reset") << line;
  EXPECT_EQ(line["rst_from"], "client") << line;
  EXPECT_EQ(line["unacked"], 0) << line;
}

INSTANTIATE_TEST_SUITE_P(Every, NobodysLossTest,
                         testing::Values(ServerKind::kNginx, ServerKind::kEvent), name_of_server);

/// Behind a load balancer that sends a PROXY header as soon as it is connected. nginx takes the
/// header and logs nothing.
class BehindABalancerTest : public NobodysLossTest {
 protected:
  WitnessHouse::Plan plan() const override {
    return {.extra_config = [](ServerKind, std::uint16_t port, const peers::Address&) {
      const std::string door = std::to_string(port);
      return "LoadModule remoteip_module /usr/lib/apache2/modules/mod_remoteip.so\nListen " + door +
             "\n<VirtualHost *:" + door + ">\nRemoteIPProxyProtocol On\n</VirtualHost>\n";
    }};
  }
  LogLine say(const std::string& bytes) {
    peers::Client client = connect({Lab::server_ip(), house().extra_port(GetParam())});
    client.send(bytes);
    stage_->await_line();
    return server_->log_lines_of(stage_->client_port()).front();
  }
};

TEST_P(BehindABalancerTest, ItsHeaderIsNoByteOfARequest) {
  using std::string_literals::operator""s;
  const std::string text = "PROXY TCP4 192.0.2.7 192.0.2.1 56324 443\r\n";
  const std::string binary =
      "\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\xc0\0\2\7\xc0\0\2\1\xdc\x04\1\xbb"s;
  for (const std::string& header : {text, binary}) {
    EXPECT_EQ(say(header).field("fate"), "no_request");
    EXPECT_EQ(say(header + "G").field("fate"), "request_timeout");
  }
}

INSTANTIATE_TEST_SUITE_P(Every, BehindABalancerTest, testing::Values(ServerKind::kEvent),
                         name_of_server);

class QuietLogTest : public NobodysLossTest {
 protected:
  WitnessHouse::Plan plan() const override {
    return {.witness = [](ServerKind) { return WitnessOptions{.log_all = false}; }};
  }
};

TEST_P(QuietLogTest, HasNoLineForWhoAskedForNothing) {
  get_small_file();
  const auto visit = [this](void (peers::Client::*leave)()) {
    peers::Client client = stage_->connect();
    Stage::settle();
    (client.*leave)();
    return stage_->client_port();
  };
  std::vector<int> visitors{visit(&peers::Client::close), visit(&peers::Client::reset)};
  peers::Client preconnect = stage_->connect();
  visitors.push_back(stage_->client_port());
  preconnect.drain();  // until the timer of the server ends it
  lose_a_response();
  for (const int port : visitors) {
    EXPECT_EQ(witness_->lines_of(port), std::vector<Line>{}) << port;
  }
}

INSTANTIATE_TEST_SUITE_P(Every, QuietLogTest,
                         testing::Values(ServerKind::kNginx, ServerKind::kEvent), name_of_server);

}  // namespace
}  // namespace connfate::harness

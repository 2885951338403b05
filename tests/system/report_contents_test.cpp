// SPDX-License-Identifier: Apache-2.0
// What servers tell the witness: one report per request, and every word of it true.
#include <array>

#include "harness/deadline.hpp"
#include "harness/protocol.hpp"
#include "peers/http2_client.hpp"
#include "system/reporting_server.hpp"

namespace connfate::harness {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kShort{300};

std::string text_of(const Endpoint& endpoint) {
  std::array<char, kAddressSize> buffer{};
  CharWriter out(buffer.data(), buffer.size());
  write_address(endpoint, out);
  return std::string(out.view());
}

std::string text_of(std::uint64_t cookie) {
  std::array<char, 16> buffer{};
  CharWriter out(buffer.data(), buffer.size());
  out.hex16(cookie);
  return std::string(out.view());
}

/// The access log and the report are about the same response.
void expect_same(const LogLine& line, const ReceivedReport& report) {
  EXPECT_EQ(line.status, report->status) << line.text;
  EXPECT_EQ(line.client_port, report->flow.remote.port) << line.text;
  EXPECT_EQ(line.field("fate"), to_token(report->observation.verdict.fate)) << line.text;
  EXPECT_EQ(line.field("rule"), report->rule) << line.text;
  EXPECT_EQ(line.field("cookie"), text_of(*report->observation.cookie)) << line.text;
  EXPECT_EQ(line.number("ttl"), report->observation.ttl) << line.text;
  EXPECT_EQ(line.number("end"), report->observation.evidence.end->value) << line.text;
}

using ReportContentsTest = ReportingTest;

struct Request {
  std::string_view target;
  std::string_view uri;
  int status;
};

constexpr Request kRequests[] = {
    {"/small.txt", "/small.txt", 200},  {"/page60k.bin?secret=1&path=/x?y", "/page60k.bin", 200},
    {"/a%20b?", "/a%20b", 404},         {"/redirect?secret", "/redirect", 404},
    {"/small.txt?", "/small.txt", 200},
};

class ReportProtocolTest : public ReportingTest {
 protected:
  /// All of kRequests on one connection, one after the other; its port.
  int ask(Protocol protocol) {
    const InNamespace here = lab_->enter_client();
    return is_http2(protocol) ? ask_http2_until_logged(protocol) : ask_http1(protocol);
  }

  /// mod_http2 keeps a line back until the connection ends, now and then, module or not
  /// (http2_scenarios.cpp). Then all that was reported is forgotten, and another client asks.
  int ask_http2_until_logged(Protocol protocol) {
    for (int attempts_left = 2; attempts_left > 0; --attempts_left) {
      try {
        return ask_http2(protocol);
      } catch (const std::exception&) {
        while (receiver_->receive(kShort)) {
        }
      }
    }
    return ask_http2(protocol);
  }

  int ask_http1(Protocol protocol) {
    const auto transport = is_tls(protocol) ? peers::Transport::kTls : peers::Transport::kCleartext;
    peers::Client client(server_->address(transport), {.transport = transport});
    for (const Request& request : kRequests) {
      client.get(request.target);
      EXPECT_EQ(client.read_response().status, request.status) << request.target;
    }
    server_->wait_for_line(client.local_port(), std::size(kRequests));
    return client.local_port();
  }

  int ask_http2(Protocol protocol) {
    const auto transport = is_tls(protocol) ? peers::Transport::kTls : peers::Transport::kCleartext;
    const auto address = is_tls(protocol) ? server_->address(transport) : server_->h2c_address();
    peers::Http2Client client(address, {.connection = {.transport = transport}});
    const int port = client.connection().local_port();
    std::size_t count = 0;
    for (const Request& request : kRequests) {
      client.run_until_closed(client.request(request.target));
      server_->wait_for_line(port, ++count);
    }
    return port;
  }

  std::uint16_t port_of(Protocol protocol) const {
    if (protocol == Protocol::kHttp2) return server_->h2c_address().port;
    return server_
        ->address(is_tls(protocol) ? peers::Transport::kTls : peers::Transport::kCleartext)
        .port;
  }
};

TEST_P(ReportProtocolTest, EveryRequestIsReportedOnce) {
  listen();
  start(told());
  for (const Protocol protocol : kProtocols) {
    if (is_http2(protocol) && !server_->has_http2()) continue;
    SCOPED_TRACE(to_name(protocol));
    const int port = ask(protocol);
    const auto lines = server_->log_lines_of(port);
    ASSERT_EQ(lines.size(), std::size(kRequests));
    for (std::size_t i = 0; i < std::size(kRequests); ++i) {
      const auto report = receiver_->receive();
      ASSERT_TRUE(report);
      expect_same(lines[i], *report);
      EXPECT_EQ((*report)->uri, kRequests[i].uri);
      EXPECT_EQ((*report)->status, kRequests[i].status);
      EXPECT_EQ((*report)->method, "GET");
      EXPECT_EQ((*report)->host, peers::kHostName);
      EXPECT_EQ((*report)->server, is_nginx() ? "nginx" : "httpd");
      EXPECT_EQ(text_of((*report)->flow.remote), Lab::client_ip());
      EXPECT_EQ(text_of((*report)->flow.local), Lab::server_ip());
      EXPECT_EQ((*report)->flow.local.port, port_of(protocol));
      EXPECT_EQ((*report)->lost, 0U);
    }
    EXPECT_FALSE(receiver_->receive(kShort));
  }
  EXPECT_EQ(lines_about_the_witness(), 0) << server_->error_log();
}

/// A client that takes its time over its request: what $request_time and %D would say.
TEST_P(ReportContentsTest, TheDurationIsThatOfTheServersOwnLog) {
  listen();
  start(told());
  constexpr milliseconds kSlow{600};
  const InNamespace here = lab_->enter_client();
  peers::Client client(server_->address(peers::Transport::kCleartext));
  client.send("GET /small.txt HTTP/1.1\r\n");
  std::this_thread::sleep_for(kSlow);
  client.send("Host: a\r\nConnection: close\r\n\r\n");
  const auto report = receiver_->receive();
  ASSERT_TRUE(report);
  ASSERT_TRUE((*report)->duration);
  EXPECT_GE(*(*report)->duration, kSlow - milliseconds(50));
  EXPECT_LT(*(*report)->duration, seconds(5));
}

TEST_P(ReportContentsTest, NoFieldNeedsToBeLogged) {
  listen();
  ServerOptions options = told();
  options.log_bundle = false;
  start(options);
  get(3);
  for (int i = 0; i < 3; ++i) {
    const auto report = receiver_->receive();
    ASSERT_TRUE(report);
    EXPECT_EQ((*report)->observation.verdict.rule != nullptr, true);
    EXPECT_TRUE((*report)->observation.written);
  }
  EXPECT_FALSE(receiver_->receive(kShort));
}

TEST_P(ReportContentsTest, NothingIsReportedWhereItIsOff) {
  listen();
  ServerOptions options = told();
  options.connfate_on = false;
  start(options);
  get(1);
  EXPECT_FALSE(receiver_->receive(kShort));
}

TEST_P(ReportContentsTest, RequestsThatAreNoneAreReportedToo) {
  listen();
  start(told());
  say(server_->address(peers::Transport::kCleartext), "BROKEN\r\n\r\n");
  const auto broken = receiver_->receive();
  ASSERT_TRUE(broken);
  EXPECT_EQ((*broken)->status, 400);
  say(server_->address(peers::Transport::kCleartext),
      "HEAD http://other.test:99/small.txt?x HTTP/1.1\r\nHost: Peer.test:80\r\n"
      "Connection: close\r\n\r\n");
  const auto absolute = receiver_->receive();
  ASSERT_TRUE(absolute);
  EXPECT_EQ((*absolute)->method, "HEAD");
  EXPECT_EQ((*absolute)->uri, "/small.txt");
  EXPECT_EQ((*absolute)->host, "other.test");
}

TEST_P(ReportContentsTest, TheFlowIsThatOfTheTcpConnection) {
  listen();
  ServerOptions options = told();
  const std::string port = std::to_string(second_port_);
  options.extra_config =
      is_nginx()
          ? "set_real_ip_from 10.77.0.0/16; real_ip_header X-Forwarded-For;"
            "server { listen " +
                port + " proxy_protocol; real_ip_header proxy_protocol; }"
          : "LoadModule remoteip_module /usr/lib/apache2/modules/mod_remoteip.so\n"
            "RemoteIPHeader X-Forwarded-For\nListen " +
                port + "\n<VirtualHost *:" + port + ">\nRemoteIPProxyProtocol On\n</VirtualHost>\n";
  start(options);
  const std::string request =
      "GET /small.txt HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 203.0.113.9\r\n"
      "Connection: close\r\n\r\n";
  say(server_->address(peers::Transport::kCleartext), request);
  say(second_address(), "PROXY TCP4 203.0.113.9 203.0.113.10 1234 80\r\n" + request);
  for (int i = 0; i < 2; ++i) {
    const auto report = receiver_->receive();
    ASSERT_TRUE(report) << server_->error_log();
    EXPECT_EQ(text_of((*report)->flow.remote), Lab::client_ip());
    EXPECT_EQ(text_of((*report)->flow.local), Lab::server_ip());
    EXPECT_NE((*report)->flow.remote.port, 1234);
  }
}

TEST_P(ReportContentsTest, TheServersRequestIdIsPassedOn) {
  listen();
  ServerOptions options = told();
  const std::string log = (files_.path() / "id.log").string();
  options.extra_config =
      is_nginx() ? "log_format id '$request_id'; server { listen " + std::to_string(second_port_) +
                       "; access_log " + log + " id; return 204; }"
                 : "LoadModule unique_id_module "
                   "/usr/lib/apache2/modules/mod_unique_id.so\nListen " +
                       std::to_string(second_port_) + "\nCustomLog " + log + " \"%{UNIQUE_ID}e\"\n";
  start(options);
  say(second_address(), "GET /small.txt HTTP/1.0\r\n\r\n");
  const auto report = receiver_->receive();
  ASSERT_TRUE(report);
  EXPECT_FALSE((*report)->request_id.empty());
  eventually([&] { return read_file(log).ends_with('\n'); }, seconds(5));
  EXPECT_EQ(read_file(log), std::string((*report)->request_id) + "\n");
}

using NginxReportTest = ReportingTest;

TEST_P(NginxReportTest, UnixSocketsHaveNoFlowToReport) {
  listen();
  start(told());
  run({"curl", "-s", "--unix-socket", server_->unix_socket().string(), "http://a/small.txt"});
  EXPECT_FALSE(receiver_->receive(kShort));
}

INSTANTIATE_TEST_SUITE_P(Every, ReportContentsTest, testing::ValuesIn(kServerKinds), server_name);
INSTANTIATE_TEST_SUITE_P(Every, ReportProtocolTest, testing::ValuesIn(kServerKinds), server_name);
INSTANTIATE_TEST_SUITE_P(Only, NginxReportTest, testing::Values(ServerKind::kNginx), server_name);

}  // namespace
}  // namespace connfate::harness

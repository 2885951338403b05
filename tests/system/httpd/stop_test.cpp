// SPDX-License-Identifier: Apache-2.0
// The server closes the socket under the feet of a response: a stop that does not wait, and a
// module that drops connections.
#include "harness/httpd_server.hpp"
#include "system/httpd/httpd_stage.hpp"

namespace connfate::harness {
namespace {

using peers::Transport;
using std::chrono::milliseconds;

void expect_our_doing(const LogLine& line, const char* phase) {
  EXPECT_EQ(line.field("fate"), "server_abort") << line.text;
  EXPECT_EQ(line.field("by"), "server") << line.text;
  EXPECT_EQ(line.field("phase"), phase) << line.text;
  EXPECT_EQ(line.field("cookie").size(), 16U) << line.text;
}

class StopTest : public HttpdStage {};

TEST_P(StopTest, AStopInTheMiddleOfAResponseIsOurs) {
  start();
  // prefork writes a line only for a request whose handler has returned, as sendfile's has.
  const bool prefork = GetParam() == ServerKind::kPrefork;
  for (const Transport transport : {Transport::kCleartext, Transport::kTls}) {
    if (prefork && transport == Transport::kTls) break;
    if (transport == Transport::kTls) server_->start();
    server_->clear_access_log();
    const InNamespace here = lab_->enter_client();
    peers::Client client(server_->address(transport), {.transport = transport});
    client.get(prefork ? "/64m.bin" : "/nosf/64m.bin");
    client.read_exactly(100'000);
    client.wait_until_acked_idle(milliseconds(300));  // the handler has given all away by then
    EXPECT_EQ(server_->stop(), 0);
    const LogLine line = server_->wait_for_line(client.local_port());
    expect_our_doing(line, "sending");
    client.close();
    const auto last = final_of(line);
    EXPECT_EQ(last["fate"], "server_abort") << last;
    EXPECT_EQ(last["by"], "server") << last;
  }
}

TEST_P(StopTest, AConnectionThatAModuleDropsIsOurs) {
  const std::string module = std::string(HttpdServer::kModules) + "/mod_security2.so";
  if (!std::filesystem::exists(module)) GTEST_SKIP() << module << " is missing";
  start("LoadFile libxml2.so.2\nLoadModule unique_id_module " + std::string(HttpdServer::kModules) +
        "/mod_unique_id.so\nLoadModule security2_module " + module +
        "\nSecRuleEngine On\nSecRule REQUEST_URI \"/dropped\" \"id:1,phase:1,drop\"\n");
  for (const Transport transport : {Transport::kCleartext, Transport::kTls}) {
    const Answer answer = get("/dropped", transport);
    EXPECT_EQ(answer.seen.status, 0);
    expect_our_doing(answer.line, "waiting");
    const auto last = final_of(answer.line);
    EXPECT_EQ(last["fate"], "server_abort") << last;
    EXPECT_EQ(last["by"], "server") << last;
  }
}

constexpr ServerKind kHttpds[] = {ServerKind::kEvent, ServerKind::kWorker, ServerKind::kPrefork};
INSTANTIATE_TEST_SUITE_P(Httpd, StopTest, testing::ValuesIn(kHttpds), httpd_name);

}  // namespace
}  // namespace connfate::harness

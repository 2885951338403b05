// SPDX-License-Identifier: Apache-2.0
// A response is delivered when it was whole: its own framing came to its end. Real backends break
// here in the middle of an answer, and the client's own reader says what it got.
#include <sys/socket.h>

#include <thread>

#include "system/httpd/httpd_stage.hpp"

namespace connfate::harness {
namespace {

using peers::Transport;

constexpr Transport kTransports[] = {Transport::kCleartext, Transport::kTls};

void expect_cut_here(const LogLine& line) {
  EXPECT_EQ(line.field("fate"), "server_abort") << line.text;
  EXPECT_EQ(line.field("by"), "server") << line.text;
}

void expect_good(const LogLine& line) {
  EXPECT_TRUE(line.field("fate") == "delivered" || line.field("fate") == "pending") << line.text;
}

class WholeMessageTest : public HttpdStage {
 protected:
  /// The client got less than a whole message, and the line says whose doing that was.
  void expect_cut(const std::string& path, bool with_head = true) {
    for (const Transport transport : kTransports) {
      const Answer answer = get(path, transport);
      EXPECT_FALSE(answer.seen.complete) << answer.line.text;
      EXPECT_EQ(answer.seen.status != 0, with_head) << answer.line.text;
      expect_cut_here(answer.line);
      EXPECT_EQ(final_of(answer.line)["fate"], "server_abort");
    }
  }

  void expect_whole(const std::string& path) {
    for (const Transport transport : kTransports) {
      const Answer answer = get(path, transport);
      EXPECT_TRUE(answer.seen.complete) << answer.line.text;
      expect_good(answer.line);
    }
  }
};

TEST_P(WholeMessageTest, APhpThatIsKilledInTheMiddleIsNotDelivered) {
  script(
      "dies.php",
      "<?php echo str_repeat('x', 84000); flush(); usleep(100000); posix_kill(getmypid(), 9);\n");
  script("whole.php", "<?php echo str_repeat('x', 84000); flush(); echo 'y';\n");
  start_php();
  if (IsSkipped()) return;
  start();
  expect_cut("/php/dies.php");
  expect_whole("/php/whole.php");
}

TEST_P(WholeMessageTest, APhpThatSendsLessThanItAnnouncedIsNotDelivered) {
  script("short.php",
         "<?php header('Content-Length: 5000'); echo str_repeat('x', 4000); flush();\n");
  start_php();
  if (IsSkipped()) return;
  start("SetEnvIf Request_URI . ap_trust_cgilike_cl\n");
  expect_cut("/php/short.php");
}

TEST_P(WholeMessageTest, AnScgiBackendThatResetsIsNotDelivered) {
  auto& backend = listen_for_scgi();
  start();
  for (const Transport transport : kTransports) {
    Answer answer;
    std::jthread broken([&] {
      const peers::RawSocket socket = backend.accept();
      socket.read();
      socket.write("Status: 200 OK\r\nContent-Type: text/plain\r\n\r\n" + std::string(84000, 'x'));
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
      const linger now{1, 0};
      ::setsockopt(socket.fd(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
    });
    answer = get("/scgi/", transport);
    EXPECT_FALSE(answer.seen.complete) << answer.line.text;
    expect_cut_here(answer.line);
    EXPECT_EQ(final_of(answer.line)["fate"], "server_abort");
  }
}

TEST_P(WholeMessageTest, AnErrorPageBehindHalfAResponseIsNotDelivered) {
  script("half.lua", R"(
function handle(r)
  r.content_type = "text/plain"
  r:write(string.rep("x", 84000)); r:flush()
  return 502
end
)");
  start(
      "LoadModule lua_module /usr/lib/apache2/modules/mod_lua.so\n"
      "<Files *.lua>\nSetHandler lua-script\n</Files>\n"
      "Alias /lua/ " +
      (files() / "scripts").string() + "/\n");
  const Answer answer = get("/lua/half.lua");
  EXPECT_EQ(answer.line.status, 502) << answer.line.text;
  expect_cut_here(answer.line);
}

TEST_P(WholeMessageTest, AnEmptyReplyIsNotDelivered) {
  script("deaf.sh", "#!/bin/sh\nexec 0<&-\nprintf 'Content-Type: text/plain\\r\\n\\r\\nbye'\n");
  start();
  const InNamespace here = lab_->enter_client();
  peers::Client client(server_->address(Transport::kCleartext));
  client.send("POST /cgi/deaf.sh HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\n\r\n" +
              std::string(300000, 'b'));
  const auto seen = client.read_response();
  const LogLine line = server_->wait_for_line(client.local_port());
  if (seen.complete) {
    expect_good(line);
  } else {
    expect_cut_here(line);
  }
}

TEST_P(WholeMessageTest, AnswersThatFrameThemselvesAreWhole) {
  script("nph-own.sh",
         "#!/bin/sh\nprintf 'HTTP/1.1 200 OK\\r\\nContent-Length: 3\\r\\n\\r\\nyes'\n");
  script("moved.sh", "#!/bin/sh\nprintf 'Location: /small.txt\\r\\n\\r\\n'\n");
  script("none.sh", "#!/bin/sh\nprintf 'Status: 204 No Content\\r\\n\\r\\n'\n");
  script("plain.sh", "#!/bin/sh\nprintf 'Content-Type: text/plain\\r\\n\\r\\n'; echo a; echo b\n");
  script("broken.sh", "#!/bin/sh\nexit 1\n");
  start("ErrorDocument 500 /cgi/broken.sh\n");
  for (const char* name :
       {"nph-own.sh", "moved.sh", "none.sh", "plain.sh", "broken.sh", "missing.sh"}) {
    SCOPED_TRACE(name);
    expect_whole(std::string("/cgi/") + name);
  }
}

INSTANTIATE_TEST_SUITE_P(Httpd, WholeMessageTest, testing::ValuesIn(kEventAndPrefork), httpd_name);

}  // namespace
}  // namespace connfate::harness

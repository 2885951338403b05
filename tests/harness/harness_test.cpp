// SPDX-License-Identifier: Apache-2.0
// The harness itself: a lab that carries and breaks traffic, and four servers without the module.
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <filesystem>

#include "harness/deadline.hpp"
#include "harness/load.hpp"
#include "harness/server.hpp"

namespace connfate::harness {
namespace {

using std::chrono::seconds;

TEST(LogLineTest, TakesALineApart) {
  const auto line = parse_log_line(
      "status=200 uri=\"GET /a?b=\\\"c HTTP/1.1\" port=4711 completion=OK fate=pending by=- "
      "written=255 unacked=55 v=1");
  ASSERT_TRUE(line);
  EXPECT_EQ(line->status, 200);
  EXPECT_EQ(line->uri, "GET /a?b=\\\"c HTTP/1.1");
  EXPECT_EQ(line->client_port, 4711);
  EXPECT_EQ(line->field("fate"), "pending");
  EXPECT_EQ(line->field("by"), "");
  EXPECT_EQ(line->number("unacked"), 55U);
  EXPECT_FALSE(line->number("acked"));
}

TEST(LogLineTest, RefusesAnUnfinishedLine) {
  EXPECT_FALSE(parse_log_line("status=200 uri=\"GET /small"));
  EXPECT_FALSE(parse_log_line(""));
}

TEST(ProcessTest, TellsExitCodeAndOutput) {
  const Outcome outcome = run({"sh", "-c", "echo out; echo err >&2; exit 3"});
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_EQ(outcome.output, "out\nerr\n");
  EXPECT_EQ(run({"no-such-program"}).exit_code, 127);
}

TEST(ProcessTest, KillsWhatDoesNotEndInTime) {
  const TemporaryDirectory directory("process");
  Process stubborn(
      {.arguments = {"sh", "-c", "trap '' TERM; echo ready; while :; do sleep 1; done"}},
      directory.path() / "output");
  ASSERT_TRUE(
      eventually([&] { return read_file(directory.path() / "output") == "ready\n"; }, seconds(5)));
  EXPECT_EQ(stubborn.stop(SIGTERM, milliseconds(100)), 128 + SIGKILL);
  EXPECT_EQ(run({.arguments = {"sleep", "9"}}, milliseconds(50)).exit_code, 128 + SIGKILL);
}

class LabTest : public testing::Test {
 protected:
  void SetUp() override {
    if (const auto reason = Lab::missing_privilege()) GTEST_SKIP() << *reason;
    lab_.emplace();
  }

  /// curl's outcome in the client namespace; the output is "<status> <protocol version>".
  Outcome curl(std::vector<std::string> arguments) const {
    const std::vector<std::string> fixed{"curl", "-sk", "-o", "/dev/null",
                                         "-m",   "2",   "-w", "%{http_code} %{http_version}"};
    arguments.insert(arguments.begin(), fixed.begin(), fixed.end());
    return run(Command{std::move(arguments), lab_->client_namespace()});
  }

  std::optional<Lab> lab_;
};

TEST_F(LabTest, LeavesNothingBehind) {
  const std::string client = namespace_path(lab_->client_namespace());
  const std::string server = namespace_path(lab_->server_namespace());
  EXPECT_TRUE(std::filesystem::exists(client));
  lab_.reset();
  EXPECT_FALSE(std::filesystem::exists(client));
  EXPECT_FALSE(std::filesystem::exists(server));
}

TEST_F(LabTest, RemovesWhatAKilledRunLeft) {
  // Above the largest pid that the kernel can give.
  const std::string stale = "cfc999999999";
  ASSERT_EQ(run({"ip", "netns", "add", stale}).exit_code, 0);
  lab_.reset();
  lab_.emplace();
  EXPECT_FALSE(std::filesystem::exists(namespace_path(stale)));
}

class ServerTest : public LabTest, public testing::WithParamInterface<ServerKind> {
 protected:
  void SetUp() override {
    if (const auto reason = missing_program(GetParam())) GTEST_SKIP() << *reason;
    LabTest::SetUp();
    if (!lab_) return;
    server_ = make_server(GetParam(), lab_->hosts(), {});
    server_->start();
  }

  void TearDown() override {
    if (server_ == nullptr) return;
    const std::vector<pid_t> workers = server_->workers();
    EXPECT_EQ(server_->stop(), 0);
    EXPECT_TRUE(server_->error_log_problems().empty()) << server_->error_log_problems().front();
    const auto gone = [](pid_t pid) { return kill(pid, 0) != 0; };
    EXPECT_TRUE(eventually([&] { return std::ranges::all_of(workers, gone); }, seconds(5)));
  }

  std::string url(const peers::Address& address, const std::string& path,
                  const std::string& scheme = "http") const {
    return scheme + "://" + address.ip + ":" + std::to_string(address.port) + path;
  }
  std::string cleartext_url(const std::string& path) const {
    return url(server_->address(peers::Transport::kCleartext), path);
  }
  std::string tls_url(const std::string& path) const {
    return url(server_->address(peers::Transport::kTls), path, "https");
  }

  std::unique_ptr<Server> server_;
};

TEST_P(ServerTest, AnswersOnEveryListener) {
  EXPECT_EQ(curl({cleartext_url("/small.txt")}).output, "200 1.1");
  EXPECT_EQ(curl({cleartext_url("/nosf/medium.bin")}).output, "200 1.1");
  EXPECT_EQ(curl({cleartext_url("/redirect")}).output, "404 1.1");
  EXPECT_EQ(curl({"--http1.1", tls_url("/64m.bin")}).output, "200 1.1");
  if (server_->has_http2()) {
    EXPECT_EQ(curl({tls_url("/page60k.bin")}).output, "200 2");
    EXPECT_EQ(curl({"--http2-prior-knowledge", url(server_->h2c_address(), "/small.txt")}).output,
              "200 2");
  }
}

TEST_P(ServerTest, AnswersOverIpv6) {
  const std::uint16_t port = server_->address(peers::Transport::kCleartext).port;
  EXPECT_EQ(curl({url({"[" + Lab::server_ip6() + "]", port}, "/small.txt")}).output, "200 1.1");
}

TEST_P(ServerTest, LogsThePortOfTheClient) {
  ASSERT_EQ(curl({"--local-port", "40001", cleartext_url("/small.txt")}).exit_code, 0);
  const LogLine line = server_->wait_for_line(40001);
  EXPECT_EQ(line.status, 200);
  EXPECT_EQ(line.uri, "GET /small.txt HTTP/1.1");
  EXPECT_THROW(server_->wait_for_line(40001, 2, milliseconds(20)), std::runtime_error);
}

TEST_P(ServerTest, IsOutOfReachOnlyForTheBlockedPort) {
  constexpr int kTimedOut = 28;
  lab_->block(Block::kDropBoth, 40002);
  EXPECT_EQ(curl({"--local-port", "40002", cleartext_url("/small.txt")}).exit_code, kTimedOut);
  EXPECT_EQ(curl({"--local-port", "40003", cleartext_url("/small.txt")}).exit_code, 0);
  lab_->unblock();
  EXPECT_EQ(curl({"--local-port", "40002", cleartext_url("/small.txt")}).exit_code, 0);
}

TEST_P(ServerTest, ServesOnAfterAReload) {
  const std::vector<pid_t> before = server_->workers();
  server_->reload();
  const auto replaced = [&] {
    const std::vector<pid_t> now = server_->workers();
    return std::ranges::find_first_of(before, now) == before.end();
  };
  EXPECT_TRUE(eventually(replaced, seconds(5)));
  EXPECT_EQ(curl({cleartext_url("/small.txt")}).output, "200 1.1");
}

TEST_P(ServerTest, AnswersUnderLoad) {
  const LoadResult http1 = run_wrk(*lab_, cleartext_url("/small.txt"), 8, seconds(1));
  EXPECT_EQ(http1.errors, 0U) << http1.report;
  if (!server_->has_http2()) return;
  const LoadResult http2 = run_h2load(*lab_, {url(server_->h2c_address(), "/small.txt")}, 4, 1000);
  EXPECT_EQ(http2.requests, 1000U) << http2.report;
  EXPECT_EQ(http2.errors, 0U) << http2.report;
}

TEST_P(ServerTest, EndsGracefully) {
  EXPECT_EQ(server_->stop_gracefully(), 0);
}

INSTANTIATE_TEST_SUITE_P(Every, ServerTest, testing::ValuesIn(kServerKinds),
                         [](const auto& kind) { return std::string(to_name(kind.param)); });

}  // namespace
}  // namespace connfate::harness

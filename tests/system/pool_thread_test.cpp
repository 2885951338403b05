// SPDX-License-Identifier: Apache-2.0
// nginx with `aio threads`: what a pool thread has sent, the client may answer before nginx hears
// of its thread. strace holds every sendfile() back at its end, so that the client is first.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include "harness/lab.hpp"
#include "harness/nginx_server.hpp"
#include "harness/tcp_port.hpp"
#include "harness/temporary_directory.hpp"
#include "peers/client.hpp"
#include "system/scenarios/theatre.hpp"

namespace connfate::harness {
namespace {

/// -D: nginx stays the child that the test stops.
constexpr const char* kHeldBack =
    "strace -D -f -qq -o /dev/null -e trace=sendfile -e inject=sendfile:delay_exit=300000";

class PoolThreadTest : public testing::Test {
 protected:
  void SetUp() override {
    if (const auto reason = Lab::missing_privilege()) GTEST_SKIP() << *reason;
    if (const auto reason = missing_program(ServerKind::kNginx)) GTEST_SKIP() << *reason;
    ::chmod(files_.path().c_str(), 0755);
    std::ofstream(files_.path() / "page") << std::string(5000, 'x');
    std::ofstream(files_.path() / "large") << "y";
    std::filesystem::resize_file(files_.path() / "large", 64 << 20);
    lab_.emplace();
    start();
  }

  void TearDown() override {
    if (!server_) return;
    EXPECT_EQ(server_->error_log_problems(), std::vector<std::string>{});
    EXPECT_EQ(server_->stop(), 0);
    ::unsetenv("CONNFATE_SERVER_WRAPPER");
  }

  void start() {
    ::setenv("CONNFATE_SERVER_WRAPPER", kHeldBack, 1);
    const InNamespace here = lab_->enter_server();
    port_ = free_port();
    server_.emplace(
        lab_->hosts(),
        ServerOptions{.module = module_of(ServerKind::kNginx),
                      .extra_config = "server { listen " + std::to_string(port_) +
                                      "; aio threads; root " + files_.path().string() + "; }"});
    server_->start();
    server_->clear_access_log();
  }

  peers::Address address() const { return {Lab::server_ip(), port_}; }

  TemporaryDirectory files_{"pool"};
  std::uint16_t port_ = 0;
  std::optional<Lab> lab_;
  std::optional<NginxServer> server_;
};

TEST_F(PoolThreadTest, AClientThatLeftWithEverythingIsNoAbort) {
  lab_->run_in_client([&] {
    peers::Client client(address());
    for (int i = 0; i < 2; ++i) {
      client.get("/page");
      EXPECT_TRUE(client.read_response().complete);
    }
    const auto port = client.local_port();
    client.close();
    server_->wait_for_line(port, 2);
  });
  const auto lines = server_->log_lines();
  ASSERT_EQ(lines.size(), 2U);
  for (const LogLine& line : lines) EXPECT_EQ(line.field("fate"), "delivered") << line.text;
  EXPECT_EQ(lines[1].field("close"), "fin");
}

TEST_F(PoolThreadTest, AClientThatLeftBeforeTheEndIsOne) {
  lab_->run_in_client([&] {
    peers::Client client(address());
    client.get("/large");
    client.read_exactly(1000);
    client.half_close();
    server_->wait_for_line(client.local_port());
  });
  const auto lines = server_->log_lines();
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0].field("fate"), "client_abort") << lines[0].text;
}

}  // namespace
}  // namespace connfate::harness

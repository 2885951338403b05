// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the stage for tests of what a server tells the witness: a lab, a server that reports to
// files_/witness.sock, and a receiver there when the test says so.

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>

#include "harness/server.hpp"
#include "harness/tcp_port.hpp"
#include "peers/client.hpp"
#include "system/report_receiver.hpp"
#include "system/scenarios/theatre.hpp"

namespace connfate::harness {

class ReportingTest : public testing::TestWithParam<ServerKind> {
 protected:
  void SetUp() override {
    if (const auto reason = Lab::missing_privilege()) GTEST_SKIP() << *reason;
    if (const auto reason = missing_program(GetParam())) GTEST_SKIP() << *reason;
    lab_.emplace();
    const InNamespace here = lab_->enter_server();
    second_port_ = free_port();
  }

  void TearDown() override {
    if (!server_) return;
    EXPECT_EQ(server_->error_log_problems(), std::vector<std::string>{});
    EXPECT_EQ(server_->stop(), 0);
  }

  bool is_nginx() const { return GetParam() == ServerKind::kNginx; }
  std::string path() const { return (files_.path() / "witness.sock").string(); }

  void listen() {
    const InNamespace here = lab_->enter_server();
    receiver_.emplace(path());
  }

  ServerOptions told() const { return {.module = module_of(GetParam()), .witness_path = path()}; }
  void start(ServerOptions options) {
    server_ = make_server(GetParam(), lab_->hosts(), std::move(options));
    server_->start();
    server_->clear_access_log();
  }

  peers::Address second_address() const { return {Lab::server_ip(), second_port_}; }

  /// `count` good requests on one keepalive connection; its port.
  int get(std::size_t count, std::string_view path = "/small.txt") {
    int port = 0;
    lab_->run_in_client([&] {
      peers::Client client(server_->address(peers::Transport::kCleartext));
      port = client.local_port();
      for (std::size_t i = 0; i < count; ++i) {
        client.get(path);
        EXPECT_TRUE(client.read_response().complete);
      }
      server_->wait_for_line(port, count);
    });
    return port;
  }

  /// Sends `bytes` there and waits for the answer to end.
  void say(const peers::Address& address, std::string_view bytes) {
    lab_->run_in_client([&] {
      peers::Client client(address);
      client.send(bytes);
      client.drain();
    });
  }

  std::ptrdiff_t lines_about_the_witness() const {
    constexpr std::string_view kWords = "took no report";
    const std::string log = server_->error_log();
    std::ptrdiff_t count = 0;
    for (auto at = log.find(kWords); at != log.npos; at = log.find(kWords, at + 1)) ++count;
    return count;
  }

  TemporaryDirectory files_{"witness"};
  std::uint16_t second_port_ = 0;
  std::optional<Lab> lab_;
  std::optional<ReportReceiver> receiver_;
  std::unique_ptr<Server> server_;
};

/// As test names say it.
inline std::string server_name(const testing::TestParamInfo<ServerKind>& parameter) {
  return std::string(to_name(parameter.param));
}

}  // namespace connfate::harness

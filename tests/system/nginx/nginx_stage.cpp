// SPDX-License-Identifier: Apache-2.0
#include "system/nginx/nginx_stage.hpp"

#include <filesystem>

#include "harness/tcp_port.hpp"

namespace connfate::harness {
namespace {

const std::filesystem::path kModules = "/usr/lib/nginx/modules";

}  // namespace

void NginxStage::SetUp() {
  if (const auto reason = Theatre::missing(ServerKind::kNginx)) GTEST_SKIP() << *reason;
  lab_.emplace();
  const InNamespace here = lab_->enter_server();
  backend_ = std::make_unique<peers::Backend>();
  options_.module = module_of(ServerKind::kNginx);
  options_.backend = backend_->address();
}

void NginxStage::TearDown() {
  if (!server_) return;
  if (!expects_problems_) {
    EXPECT_EQ(server_->error_log_problems(), std::vector<std::string>{});
  }
  EXPECT_EQ(server_->stop(), 0);
}

void NginxStage::need(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    const auto file = kModules / (name + ".so");
    if (!std::filesystem::exists(file)) GTEST_SKIP() << file << " is missing";
    options_.modules_before.push_back(file.string());
  }
}

std::uint16_t NginxStage::another_port() const {
  const InNamespace here = lab_->enter_server();
  return free_port();
}

peers::RawServer& NginxStage::listen_as_backend() {
  const InNamespace here = lab_->enter_server();
  return raw_.emplace();
}

void NginxStage::start(const std::string& extra_config) {
  options_.extra_config = extra_config;
  server_ = make_server(ServerKind::kNginx, lab_->hosts(), options_);
  server_->start();
  server_->clear_access_log();
}

peers::Client NginxStage::connect(peers::Transport transport, std::uint16_t port) const {
  const InNamespace here = lab_->enter_client();
  peers::Address address = server_->address(transport);
  if (port != 0) address.port = port;
  return peers::Client(address, {.transport = transport});
}

LogLine NginxStage::line_of(const std::string& request, std::uint16_t port) const {
  peers::Client client = connect(peers::Transport::kCleartext, port);
  client.send(request);
  client.drain();
  return server_->wait_for_line(client.local_port());
}

std::string request_for(const std::string& path, const std::string& method,
                        const std::string& more) {
  return method + " " + path + " HTTP/1.1\r\nHost: connfate.test\r\n" + more + "\r\n";
}

void expect_fate(const LogLine& line, std::string_view fate, std::string_view by) {
  EXPECT_EQ(line.field("fate"), fate) << line.text;
  EXPECT_EQ(line.field("by"), by) << line.text;
}

void expect_good(const LogLine& line) {
  EXPECT_TRUE(line.field("fate") == "delivered" || line.field("fate") == "pending") << line.text;
}

}  // namespace connfate::harness

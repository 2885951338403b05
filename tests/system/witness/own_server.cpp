// SPDX-License-Identifier: Apache-2.0
#include "system/witness/own_server.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>

#include "connfate/observation.hpp"
#include "connfate/report.hpp"
#include "system/witness/witness_house.hpp"
#include "witness/sources/flow_of.hpp"

namespace connfate::harness {

OwnServers::OwnServers() {
  const InNamespace here = lab.enter_server();
  watched.emplace(Lab::server_ip());
  reporting.emplace(Lab::server_ip());
  if (::access("/proc/sys/net/mptcp/enabled", R_OK) == 0) {
    mptcp.emplace(Lab::server_ip(), IPPROTO_MPTCP);
  }
  witness.emplace(lab.hosts(),
                  WitnessOptions{.more = {"--port", std::to_string(watched->address().port)}});
}

std::unique_ptr<OwnServers> OwnServerTest::place_;

void OwnServerTest::SetUp() {
  if (const auto reason = Lab::missing_privilege()) GTEST_SKIP() << *reason;
  if (place_ == nullptr) place_ = std::make_unique<OwnServers>();
  in_client_.emplace(place_->lab.client_namespace());
}

void OwnServerTest::TearDown() {
  if (place_ == nullptr) return;
  place_->lab.unblock();
  expect_schema(place_->witness->lines_of(port_));
  in_client_.reset();
}

void OwnServerTest::meet(const RawServer& server) {
  client_.emplace(server.address());
  port_ = client_->local_port();
  accepted_.emplace(server.accept());
}

void OwnServerTest::answer(std::size_t bytes) {
  accepted_->write(std::string(bytes, 'x'));
  client_->read_exactly(bytes);
}

Witness::Line OwnServerTest::connection_line() const {
  return place_->witness->wait_for(
      port_, [](const Witness::Line& line) { return line["event"] == "connection"; });
}

void OwnServerTest::report() const {
  Connection connection;
  connection.read_identity(accepted_->fd(), true, true);
  ServerView view;
  view.response_started = view.complete = true;
  Report report;
  report.logged_at_us =
      static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(
                                     std::chrono::system_clock::now().time_since_epoch())
                                     .count());
  report.flow = witness::fixture::flow_of(accepted_->fd());
  report.observation = observe(accepted_->fd(), view, connection);
  report.rule = report.observation.verdict.rule->id;
  report.status = 200;
  report.server = "nginx", report.method = "GET", report.uri = "/own";
  std::array<std::byte, kReportSize> buffer;
  const auto datagram = encode_report(report, buffer);
  sockaddr_un to{.sun_family = AF_UNIX, .sun_path = {}};
  place_->witness->socket().string().copy(to.sun_path, sizeof to.sun_path - 1);
  const int fd = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  const auto* address = static_cast<const sockaddr*>(static_cast<const void*>(&to));
  EXPECT_EQ(::sendto(fd, datagram.data(), datagram.size(), 0, address, sizeof to),
            static_cast<ssize_t>(datagram.size()));
  ::close(fd);
}

void OwnServerTest::answer_late_and_report() {
  block(Block::kDropToClient);
  accepted_->write(std::string(1000, 'x'));
  report();
  place_->lab.unblock();
}

}  // namespace connfate::harness

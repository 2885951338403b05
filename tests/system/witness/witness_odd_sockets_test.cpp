// SPDX-License-Identifier: Apache-2.0
// Sockets that a report alone cannot follow: one that another process still holds, and MPTCP.
#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <thread>

#include "harness/deadline.hpp"
#include "peers/socket_queues.hpp"
#include "system/witness/own_server.hpp"

namespace connfate::harness {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Line = Witness::Line;

using HeldSocketTest = OwnServerTest;

// A socket that another process still holds

/// A child that holds a copy of this one descriptor for as long as it lives.
class Holder {
 public:
  explicit Holder(int fd) {
    if (::pipe2(leash_, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    pid_ = ::fork();
    if (pid_ != 0) return;
    ::dup2(fd, 0);
    ::dup2(leash_[0], 1);
    ::close_range(2, ~0U, 0);
    char byte = 0;
    [[maybe_unused]] const ssize_t parent_gone = ::read(1, &byte, 1);
    ::_exit(0);
  }
  ~Holder() {
    ::close(leash_[0]);
    ::close(leash_[1]);
    ::waitpid(pid_, nullptr, 0);
  }
  Holder(const Holder&) = delete;
  Holder& operator=(const Holder&) = delete;

 private:
  int leash_[2];
  pid_t pid_;
};

TEST_F(HeldSocketTest, ASocketEndsWithItsLastDescriptor) {
  meet(*place_->watched);
  answer(1000);
  std::optional<Holder> holder(std::in_place, accepted_->fd());
  accepted_.reset();
  client_->close();
  const auto said = [&] { return !place_->witness->lines_of(port_).empty(); };
  EXPECT_FALSE(eventually(said, milliseconds(1500)));
  holder.reset();
  EXPECT_EQ(connection_line()["fate"], "delivered");
}

TEST_F(HeldSocketTest, AResponseOnASocketThatIsStillHeldIsDecidedByLookUp) {
  meet(*place_->reporting);
  answer_late_and_report();
  const Holder holder(accepted_->fd());
  accepted_.reset();
  const Line line = place_->witness->wait_for_response(port_);
  EXPECT_EQ(line["first"], "pending") << line;
  EXPECT_EQ(line["fate"], "delivered") << line;
}

// MPTCP

/// A client that asks for MPTCP. The kernel decides whether the connection becomes one.
RawSocket connect_mptcp(const peers::Address& to, int& port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_MPTCP);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(to.port);
  ::inet_pton(AF_INET, to.ip.c_str(), &address.sin_addr);
  auto* generic = static_cast<sockaddr*>(static_cast<void*>(&address));
  RawSocket client(fd);
  if (::connect(fd, generic, sizeof address) != 0) throw std::runtime_error("no MPTCP connection");
  socklen_t size = sizeof address;
  ::getsockname(fd, generic, &size);
  port = ntohs(address.sin_port);
  return client;
}

int protocol_of(int fd) {
  int protocol = 0;
  socklen_t size = sizeof protocol;
  ::getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &size);
  return protocol;
}

class MptcpTest : public OwnServerTest {
 protected:
  void SetUp() override {
    OwnServerTest::SetUp();
    if (!IsSkipped() && !place_->mptcp) GTEST_SKIP() << "this kernel has no MPTCP";
  }
  void meet_by_mptcp() {
    mptcp_client_.emplace(connect_mptcp(place_->mptcp->address(), port_));
    accepted_.emplace(place_->mptcp->accept());
    ASSERT_EQ(protocol_of(accepted_->fd()), IPPROTO_MPTCP);
  }
  void close_both() {
    accepted_.reset();
    mptcp_client_->read_to_end();
    mptcp_client_.reset();
  }
  /// All lines about the connection, when nothing more can come.
  std::vector<Line> lines_in_the_end() const {
    EXPECT_TRUE(eventually([&] { return !place_->witness->lines_of(port_).empty(); }, seconds(10)));
    std::this_thread::sleep_for(seconds(2));  // settle, and the wait for reports of unnamed ends
    return place_->witness->lines_of(port_);
  }
  /// Lines about reports that no socket confirms: they name no client.
  std::vector<Line> claims() const {
    std::vector<Line> lines = place_->witness->lines();
    std::erase_if(lines, [](const Line& l) { return l.value("reason", "") != "no_such_socket"; });
    return lines;
  }
  void expect_one_delivered(const std::vector<Line>& lines) const {
    ASSERT_EQ(lines.size(), 1U) << testing::PrintToString(lines);
    EXPECT_EQ(lines[0]["event"], "response") << lines[0];
    EXPECT_EQ(lines[0]["fate"], "delivered") << lines[0];
    EXPECT_EQ(lines[0]["uri"], "/own") << lines[0];
  }

  std::optional<RawSocket> mptcp_client_;
};

TEST_F(MptcpTest, AnOrdinaryClientOfAnMptcpListenerIsOrdinary) {
  meet(*place_->mptcp);
  ASSERT_EQ(protocol_of(accepted_->fd()), IPPROTO_TCP);
  answer_late_and_report();
  client_->read_exactly(1000);
  accepted_.reset();
  client_->close();
  expect_one_delivered(lines_in_the_end());
}

TEST_F(MptcpTest, AResponseOverMptcpIsDecidedByTheEndOfItsConnection) {
  meet_by_mptcp();
  answer_late_and_report();
  close_both();
  expect_one_delivered(lines_in_the_end());
}

TEST_F(MptcpTest, AConnectionThatWasReportedIsNotOneWithoutRequest) {
  meet_by_mptcp();
  accepted_->write(std::string(1000, 'x'));
  EXPECT_EQ(mptcp_client_->read_bytes(1000).size(), 1000U);
  EXPECT_TRUE(peers::wait_acknowledged(accepted_->fd(), seconds(5)));
  report();
  close_both();
  expect_one_delivered(lines_in_the_end());
}

/// Longer than the look-ups, which cannot find it by the cookie of its report.
TEST_F(MptcpTest, ALongConnectionHasOneVerdictOrNone) {
  const std::size_t before = claims().size();
  meet_by_mptcp();
  answer_late_and_report();
  EXPECT_EQ(mptcp_client_->read_bytes(1000).size(), 1000U);
  std::this_thread::sleep_for(milliseconds(1500));
  close_both();
  EXPECT_TRUE(eventually(
      [&] { return claims().size() > before || !place_->witness->lines_of(port_).empty(); },
      seconds(10)));
  std::this_thread::sleep_for(seconds(2));  // settle, and the wait for reports of unnamed ends
  const auto verdicts = place_->witness->lines_of(port_);
  EXPECT_EQ(verdicts.size() + claims().size() - before, 1U) << testing::PrintToString(verdicts);
  for (const Line& line : verdicts) EXPECT_EQ(line["fate"], "delivered") << line;
}

}  // namespace
}  // namespace connfate::harness

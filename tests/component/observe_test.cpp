// SPDX-License-Identifier: Apache-2.0
// observe() on real sockets: the running kernel behind every verdict that loopback can bring about.
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include "component/loopback.hpp"
#include "connfate/observation.hpp"

namespace connfate {
namespace {

using fixture::Loopback;
using fixture::Socket;

class ObserveTest : public testing::Test {
 protected:
  /// The server's own call, as a module would report it. Returns the errno, 0 for none.
  int server_fails(Operation operation) {
    char byte = 'x';
    errno = 0;
    const auto n = operation == Operation::kRead
                       ? ::recv(loopback_.server(), &byte, 1, 0)
                       : ::send(loopback_.server(), &byte, 1, MSG_NOSIGNAL);
    const int code = n < 0 ? errno : 0;
    connection_.first_error.record(operation, code);
    return code;
  }

  Observation look(bool complete) {
    view_.response_started = true;
    view_.complete = complete;
    return observe(loopback_.server(), view_, connection_);
  }

  Loopback loopback_;
  Connection connection_;
  ServerView view_;
};

#define EXPECT_VERDICT(o, expected_rule, expected_close) \
  EXPECT_EQ((o).verdict.rule->id, expected_rule);        \
  EXPECT_EQ(to_token((o).verdict.close), to_token(expected_close))

TEST_F(ObserveTest, Delivered) {
  loopback_.server_sends(1000);
  ASSERT_TRUE(loopback_.server_has_all_acked());
  const Observation o = look(true);
  EXPECT_VERDICT(o, "all-acked", Close::kOpen);
  EXPECT_EQ(o.written, Bytes{1000});
  EXPECT_EQ(o.acked, Bytes{1000});
  EXPECT_EQ(o.evidence.start, Bytes{0});
}

TEST_F(ObserveTest, KeepaliveResponsesPartitionTheStream) {
  for (const std::uint64_t i : {0U, 1U, 2U, 3U}) {
    loopback_.server_sends(1000 + i);
    const Observation o = look(true);
    EXPECT_EQ(o.written, Bytes{1000 + i});
    loopback_.client_reads(1000 + i);
  }
}

TEST_F(ObserveTest, DeliveredThenHalfClose) {
  loopback_.server_sends(1000);
  loopback_.client_shuts_down();
  ASSERT_TRUE(loopback_.server_sees(TcpState::kCloseWait) && loopback_.server_has_all_acked());
  EXPECT_VERDICT(look(true), "all-acked", Close::kFin);
}

TEST_F(ObserveTest, DeliveredAfterHalfClose) {
  loopback_.client_shuts_down();
  ASSERT_TRUE(loopback_.server_sees(TcpState::kCloseWait));
  loopback_.server_sends(1000);
  ASSERT_TRUE(loopback_.server_has_all_acked());
  EXPECT_VERDICT(look(true), "all-acked", Close::kFin);
}

TEST_F(ObserveTest, DeliveredThenReset) {
  loopback_.server_sends(1000);
  ASSERT_TRUE(loopback_.server_has_all_acked());
  loopback_.client_resets();
  ASSERT_TRUE(loopback_.server_sees(TcpState::kClose));
  EXPECT_EQ(server_fails(Operation::kRead), ECONNRESET);
  const Observation o = look(true);
  EXPECT_VERDICT(o, "all-acked", Close::kRst);
  EXPECT_EQ(o.acked, Bytes{1000});
}

TEST_F(ObserveTest, ResetBeforeTheFirstByte) {
  loopback_.client_resets();
  ASSERT_TRUE(loopback_.server_sees(TcpState::kClose));
  EXPECT_EQ(server_fails(Operation::kWrite), ECONNRESET);
  const Observation o = look(false);
  EXPECT_VERDICT(o, "rst-before-ack", Close::kRst);
  EXPECT_EQ(o.written, Bytes{0});
}

TEST_F(ObserveTest, ResetWhileSending) {
  const std::size_t accepted = loopback_.server_sends(32U << 20);
  loopback_.client_resets();
  ASSERT_TRUE(loopback_.server_sees(TcpState::kClose));
  EXPECT_EQ(server_fails(Operation::kWrite), ECONNRESET);
  const Observation o = look(false);
  EXPECT_VERDICT(o, "rst-before-ack", Close::kRst);
  EXPECT_EQ(o.written, Bytes{accepted});
  EXPECT_EQ(*o.acked + *o.unacked, Bytes{accepted});
  EXPECT_GT(*o.unacked, Bytes{0});
}

TEST_F(ObserveTest, LookingDoesNotTakeTheErrorFromTheServer) {
  loopback_.client_resets();
  ASSERT_TRUE(loopback_.server_sees(TcpState::kClose));
  connection_.set_baseline(loopback_.server());
  connection_.read_identity(loopback_.server(), true, true);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(look(false).verdict.fate, Fate::kRstReceived);
  EXPECT_EQ(read_output_queue(loopback_.server()), Bytes{0});
  EXPECT_EQ(server_fails(Operation::kRead), ECONNRESET);
}

TEST_F(ObserveTest, FinThenReset) {
  loopback_.client_closes();
  ASSERT_TRUE(loopback_.server_sees(TcpState::kCloseWait));
  loopback_.server_sends(1000);  // the client's kernel has no socket any more: it answers a RST
  ASSERT_TRUE(loopback_.server_sees(TcpState::kClose));
  EXPECT_EQ(server_fails(Operation::kWrite), EPIPE);
  view_.bytes_taken = Bytes{0};  // and the kernel received one: the FIN
  const Observation o = look(false);
  EXPECT_VERDICT(o, "fin-then-rst", Close::kRst);
  EXPECT_EQ(o.acked, Bytes{0});
  EXPECT_EQ(o.unacked, Bytes{1000});
}

TEST_F(ObserveTest, TheReceivedBytesTellAFinAfterDeath) {
  loopback_.client_sends(5);
  ASSERT_TRUE(loopback_.server_sees([](const auto& s) { return s.bytes_received == Bytes{5}; }));
  loopback_.client_resets();
  ASSERT_TRUE(loopback_.server_sees(TcpState::kClose));
  view_.bytes_taken = Bytes{5};
  EXPECT_VERDICT(look(false), "rst-no-fin", Close::kRst);
}

TEST_F(ObserveTest, ClientAbort) {
  loopback_.client_closes();
  ASSERT_TRUE(loopback_.server_sees(TcpState::kCloseWait));
  view_.peer_closed = true;
  EXPECT_VERDICT(look(false), "client-closed", Close::kFin);
}

TEST_F(ObserveTest, OurFinIsNotABody) {
  loopback_.server_sends(1000);
  loopback_.server_shuts_down();
  ASSERT_TRUE(loopback_.server_sees(TcpState::kFinWait2));
  view_.write_shut_down = true;
  const Observation o = look(true);
  EXPECT_VERDICT(o, "all-acked", Close::kLocal);
  EXPECT_EQ(o.written, Bytes{1000});
}

TEST_F(ObserveTest, BothEndsClosedInOrder) {
  loopback_.server_sends(1000);
  loopback_.server_shuts_down();
  loopback_.client_reads(1000);
  loopback_.client_closes();
  ASSERT_TRUE(loopback_.server_sees(TcpState::kClose));
  const Observation o = look(true);
  EXPECT_VERDICT(o, "all-acked", Close::kLocal);
  EXPECT_EQ(o.written, Bytes{1000});
}

TEST_F(ObserveTest, TheServerEndedItEarly) {
  loopback_.server_sends(1000);
  EXPECT_VERDICT(look(false), "ended-early", Close::kOpen);
}

TEST_F(ObserveTest, OurQueuedFinBehindAFullWindow) {
  const std::size_t accepted = loopback_.server_sends(32U << 20);
  loopback_.server_shuts_down();
  view_.write_shut_down = true;
  const Observation o = look(false);
  EXPECT_EQ(o.written, Bytes{accepted});
  EXPECT_GE(*o.unacked, *o.notsent);
}

/// BUG in core: see NotsentLeavesOurQueuedFinOutAfterDeath.
TEST_F(ObserveTest, OurFinStaysQueuedThroughAReset) {
  const std::size_t accepted = loopback_.server_sends(32U << 20);
  loopback_.server_shuts_down();
  loopback_.client_resets();
  ASSERT_TRUE(loopback_.server_sees(TcpState::kClose));
  EXPECT_EQ(server_fails(Operation::kRead), ECONNRESET);
  view_.write_shut_down = true;
  const Observation o = look(false);
  EXPECT_EQ(o.written, Bytes{accepted});
  // On a busy host a tail-loss probe may go out before the RST; then what was sent counts twice.
  if (o.evidence.snapshot->bytes_retrans != Bytes{0}) return;
  EXPECT_EQ(*o.evidence.snapshot->bytes_sent + *o.notsent, Bytes{accepted});
}

// In LAST_ACK a RST gives ECONNRESET although the FIN came first.
TEST_F(ObserveTest, FinThenOurFinThenReset) {
  loopback_.server_sends(32U << 20);
  loopback_.client_shuts_down();
  ASSERT_TRUE(loopback_.server_sees(TcpState::kCloseWait));
  loopback_.server_shuts_down();
  loopback_.client_resets();
  ASSERT_TRUE(loopback_.server_sees(TcpState::kClose));
  EXPECT_EQ(server_fails(Operation::kWrite), ECONNRESET);
  view_.write_shut_down = view_.fin_seen = true;
  EXPECT_VERDICT(look(false), "fin-then-rst", Close::kRst);
}

TEST(ObserveZeroWindowTest, TheServersTimerOnAClosedWindow) {
  const Loopback loopback({.client_receive_buffer = 4096});
  const std::size_t accepted = loopback.server_sends(8U << 20);
  ASSERT_TRUE(loopback.server_sees([](const TcpSnapshot& s) {
    return s.unacked == Segments{} && *s.snd_wnd<s.snd_mss&& * s.notsent> Bytes{0};
  }));
  ServerView view;
  view.response_started = view.timed_out = true;
  Connection connection;
  const Observation o = observe(loopback.server(), view, connection);
  EXPECT_VERDICT(o, "window-closed", Close::kOpen);
  EXPECT_EQ(o.written, Bytes{accepted});
  EXPECT_EQ(o.unacked, o.notsent);
}

TEST(ObserveTransportTest, UnixSocket) {
  int pair[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
  const Socket first(pair[0]);
  const Socket second(pair[1]);
  Connection connection;
  ServerView view;
  EXPECT_EQ(observe(first.fd(), view, connection).verdict.rule->id, "no-tcp-info");
  view.transport = Transport::kOther;
  EXPECT_EQ(observe(first.fd(), view, connection).verdict.rule->id, "not-tcp");
}

TEST(ObserveTransportTest, WhatIsNoConnection) {
  int pipe_ends[2];
  ASSERT_EQ(::pipe(pipe_ends), 0);
  const Socket reader(pipe_ends[0]);
  const Socket writer(pipe_ends[1]);
  const Socket datagram(::socket(AF_INET, SOCK_DGRAM, 0));
  for (const int fd : {-1, reader.fd(), datagram.fd()}) {
    Connection connection;
    EXPECT_EQ(observe(fd, ServerView{}, connection).verdict.rule->id, "no-tcp-info") << fd;
  }
}

}  // namespace
}  // namespace connfate

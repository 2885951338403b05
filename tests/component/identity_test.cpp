// SPDX-License-Identifier: Apache-2.0
// What a socket is known by: its cookie, and the TTL of the client's handshake.
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <system_error>

#include "component/loopback.hpp"
#include "connfate/connection.hpp"

namespace connfate {
namespace {

using fixture::Loopback;
using fixture::LoopbackOptions;

class HandshakeTtlTest : public testing::TestWithParam<LoopbackOptions> {};

TEST_P(HandshakeTtlTest, IsWhatTheClientSet) {
  std::optional<Loopback> loopback;
  try {
    loopback.emplace(GetParam());
  } catch (const std::system_error& error) {
    GTEST_SKIP() << "no loopback of this family: " << error.what();
  }
  EXPECT_EQ(read_handshake_ttl(loopback->server()), GetParam().client_ttl);
}

TEST(IdentityTest, HandshakeTtlSurvivesAReset) {
  Loopback loopback({.client_ttl = 63});
  loopback.client_resets();
  ASSERT_TRUE(loopback.server_sees(TcpState::kClose));
  EXPECT_EQ(read_handshake_ttl(loopback.server()), 63);
}

INSTANTIATE_TEST_SUITE_P(Families, HandshakeTtlTest,
                         testing::Values(LoopbackOptions{.client_ttl = 63},
                                         LoopbackOptions{.client_ttl = 255},
                                         LoopbackOptions{.ipv6 = true, .client_ttl = 63},
                                         LoopbackOptions{.ipv6 = true, .client_ttl = 1}),
                         [](const auto& row) {
                           return (row.param.ipv6 ? "IPv6_" : "IPv4_") +
                                  std::to_string(row.param.client_ttl);
                         });

TEST(IdentityTest, CookieIsTheKernels) {
  const Loopback loopback;
  std::uint64_t expected = 0;
  socklen_t length = sizeof expected;
  ASSERT_EQ(::getsockopt(loopback.server(), SOL_SOCKET, SO_COOKIE, &expected, &length), 0);
  Connection connection;
  connection.read_identity(loopback.server(), true, false);
  EXPECT_EQ(connection.cookie, expected);
  EXPECT_FALSE(connection.ttl);
}

TEST(IdentityTest, TwoSocketsHaveTwoCookies) {
  const Loopback loopback;
  EXPECT_NE(read_cookie(loopback.server()), read_cookie(loopback.client()));
}

TEST(IdentityTest, BaselineIsWhatWasWrittenBefore) {
  const Loopback loopback;
  loopback.server_sends(517);
  Connection connection;
  connection.set_baseline(loopback.server());
  ASSERT_TRUE(connection.baseline);
  EXPECT_EQ(connection.baseline->end, Bytes{517});
}

}  // namespace
}  // namespace connfate

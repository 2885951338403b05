// SPDX-License-Identifier: Apache-2.0
// The device in a cable drops what its rules name, and nothing else.
#include "lab/net/network_fixture.hpp"
#include "lab/net/tcp_pair.hpp"

namespace connfate::lab {
namespace {

using namespace std::chrono_literals;

class RuleTest : public NetworkTest<Topology::kOneBox> {};

TEST_F(RuleTest, DataBeyondAByteIsDropped) {
  TcpPair pair(network());
  network().wan().add({.match = {.direction = Direction::kToClient,
                                 .client_port = pair.client_port(),
                                 .beyond_byte = 50'000},
                       .action = {.drop = true}});
  pair.server().write(std::string(100'000, 'x'));
  const std::size_t got = pair.read_at_client(100'000, 600ms).size();
  EXPECT_LE(got, 50'000U);
  EXPECT_GT(got, 48'000U);
}

TEST_F(RuleTest, EverythingAfterAnEventIsDropped) {
  TcpPair pair(network());
  pair.exchange();
  Cable& cable = network().lan();
  const RuleId event = cable.add({.match = {.direction = Direction::kToServer,
                                            .what = What::kData,
                                            .client_port = pair.client_port()}});
  const RuleId after = cable.add({.match = {.after = event}, .action = {.drop = true}});
  pair.send_from_client("last words");
  EXPECT_EQ(pair.server().read_bytes(10), "last words");
  pair.server().write("answer");
  EXPECT_EQ(pair.read_at_client(6, 300ms), "");
  EXPECT_TRUE(cable.wait_until_matched(after, 5s, 2));
  TcpPair other(network());
  other.exchange();
}

TEST_F(RuleTest, PureAcknowledgementsAloneAreDropped) {
  TcpPair pair(network());
  network().wan().add({.match = {.direction = Direction::kToServer, .what = What::kPureAck},
                       .action = {.drop = true}});
  pair.server().write("hello");
  EXPECT_EQ(pair.read_at_client(5, 5s), "hello");
  EXPECT_GT(pair.server().info().tcpi_unacked, 0U);
  pair.send_from_client("data carries the acknowledgement");
  EXPECT_EQ(pair.server().read_bytes(4), "data");
  EXPECT_EQ(pair.server().info().tcpi_unacked, 0U);
}

TEST_F(RuleTest, OnlySoManyTimes) {
  TcpPair pair(network());
  const RuleId rule =
      network().wan().add({.match = {.direction = Direction::kToClient, .what = What::kData},
                           .action = {.drop = true},
                           .times = 2});
  pair.server().write("third time lucky");
  EXPECT_EQ(pair.read_at_client(16, 5s), "third time lucky");
  EXPECT_EQ(network().wan().matched(rule), 3U);
}

TEST_F(RuleTest, HeldSegmentsComeLater) {
  TcpPair pair(network());
  network().wan().add({.match = {.direction = Direction::kToClient, .what = What::kData},
                       .action = {.hold = 120ms},
                       .times = 1});
  pair.server().write("late");
  EXPECT_EQ(pair.read_at_client(4, 60ms), "");
  EXPECT_EQ(pair.read_at_client(4, 5s), "late");
}

TEST_F(RuleTest, ASizeBlackHoleHangs) {
  TcpPair pair(network());
  network().wan().add({.match = {.direction = Direction::kToClient, .longer_than = 1400},
                       .action = {.drop = true}});
  pair.server().write("small");
  EXPECT_EQ(pair.read_at_client(5, 5s), "small");
  pair.server().write(std::string(20'000, 'x'));
  EXPECT_LT(pair.read_at_client(20'000, 600ms).size(), 1400U);
}

TEST_F(RuleTest, ASizeLimitThatIsToldByIcmpIsNoBlackHole) {
  for (const auto& [server, router] :
       {std::pair{network().server_ip(), "10.88.1.77"}, {network().server_ip6(), "fd88:1::77"}}) {
    TcpPair pair(network(), server);
    network().wan().add(
        {.match = {.direction = Direction::kToClient, .longer_than = 1400},
         .action = {.drop = true, .forgeries = {fragmentation_needed(router, 1400)}}});
    pair.server().write(std::string(20'000, 'x'));
    EXPECT_EQ(pair.read_at_client(20'000, 5s).size(), 20'000U) << server;
    EXPECT_LE(pair.server().info().tcpi_pmtu, 1400U) << server;
    network().wan().clear();
  }
}

TEST_F(RuleTest, WhatTheDeviceRemembersIsWhatTheKernelSays) {
  TcpPair pair(network());
  pair.exchange();
  pair.server().write(std::string(5000, 'x'));
  EXPECT_EQ(pair.read_at_client(5000, 5s).size(), 5000U);
  pair.settle(network().wan());
  const auto facts = network().wan().connection(pair.client_port());
  ASSERT_TRUE(facts);
  EXPECT_EQ(to_text(facts->client), Network::client_ip());
  EXPECT_EQ(facts->from_server.stream_bytes(), 5001U);
  EXPECT_EQ(facts->from_client.stream_bytes(), 1U);
  EXPECT_EQ(facts->from_client.ttl, 64);
  EXPECT_EQ(facts->from_server.ttl, 63);
  EXPECT_EQ(facts->from_client.segments, pair.server().info().tcpi_segs_in);
}

}  // namespace
}  // namespace connfate::lab

// SPDX-License-Identifier: Apache-2.0
// A cable carries frames unchanged, and as badly as it is told to.
#include <thread>

#include "lab/net/network_fixture.hpp"
#include "lab/net/tcp_pair.hpp"

namespace connfate::lab {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using namespace std::chrono_literals;

class CableTest : public NetworkTest<Topology::kOneBox> {};

constexpr std::size_t kMegabytes = 10 << 20;

/// Such that no part of it looks like another.
std::string sample(std::size_t size) {
  std::string bytes(size, '\0');
  std::uint32_t state = 1;
  for (char& byte : bytes) byte = static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
  return bytes;
}

/// Whether all of it arrives at the client as it was sent.
bool arrives_whole(TcpPair& pair, const std::string& bytes) {
  std::thread sender([&] {
    for (std::size_t at = 0; at < bytes.size(); at += 65536) {
      pair.server().write(bytes.substr(at, 65536));
    }
  });
  const std::string got = pair.read_at_client(bytes.size(), 20s);
  sender.join();
  return got == bytes;
}

TEST_F(CableTest, DelayShowsInTheRttOfTheKernel) {
  network().set_rtt(40ms);
  TcpPair pair(network());
  for (int i = 0; i < 5; ++i) pair.exchange();
  const tcp_info info = pair.client_info();
  EXPECT_GE(info.tcpi_min_rtt, 40'000U);
  EXPECT_LT(info.tcpi_min_rtt, 43'000U);
}

TEST_F(CableTest, DelayHasTwoDirections) {
  network().wan().set(Direction::kToClient, {.delay = 30ms});
  network().lan().set(Direction::kToServer, {.delay = 10ms});
  TcpPair pair(network());
  for (int i = 0; i < 5; ++i) pair.exchange();
  EXPECT_GE(pair.client_info().tcpi_min_rtt, 40'000U);
  EXPECT_LT(pair.client_info().tcpi_min_rtt, 43'000U);
}

TEST_F(CableTest, WithoutDelayItAddsLessThanAMillisecond) {
  TcpPair pair(network());
  for (int i = 0; i < 20; ++i) pair.exchange();
  EXPECT_LT(pair.client_info().tcpi_min_rtt, 1'000U);  // through two cables, there and back
}

TEST_F(CableTest, DataArrivesWholeInSpiteOfLossAndReordering) {
  network().set_rtt(4ms);
  network().wan().set(Direction::kToClient, {.delay = 2ms,
                                             .loss = 0.005,
                                             .duplicate = 0.01,
                                             .reorder = 0.01,
                                             .held_back = 3ms,
                                             .seed = 7});
  TcpPair pair(network());
  EXPECT_TRUE(arrives_whole(pair, sample(kMegabytes)));
  const auto counters = network().wan().counters(Direction::kToClient);
  EXPECT_GT(counters.lost, 10U);
  EXPECT_GT(counters.reordered, 20U);
  EXPECT_GT(counters.duplicated, 20U);
  EXPECT_EQ(counters.overrun, 0U);
  EXPECT_GT(pair.server().info().tcpi_total_retrans, 10U);
  EXPECT_GT(pair.client_info().tcpi_rcv_ooopack, 20U);
}

TEST_F(CableTest, AGoodCableLosesNothing) {
  const auto before = network().wan().counters(Direction::kToClient);
  TcpPair pair(network());
  EXPECT_TRUE(arrives_whole(pair, sample(kMegabytes)));
  const auto counters = network().wan().counters(Direction::kToClient);
  EXPECT_EQ(counters.received - before.received, counters.sent - before.sent);
  EXPECT_EQ(counters.overrun, 0U);
  EXPECT_EQ(counters.refused, 0U);
}

TEST_F(CableTest, FramesPassUnchanged) {
  const harness::TemporaryDirectory folder("cable");
  network().capture_to(folder.path());
  TcpPair pair(network());
  pair.exchange();
  network().stop_capture();
  const auto before = read_pcap(folder.path() / "wan.client.pcap");
  EXPECT_GE(before.size(), 5U);
  EXPECT_EQ(before, read_pcap(folder.path() / "wan.server.pcap"));
  // One router between the cables.
  const auto behind =
      segments_of(folder.path() / "lan.client.pcap", Direction::kToServer, pair.client_port());
  EXPECT_EQ(behind.at(0).ttl, 63);
}

TEST_F(CableTest, OthersAreDisturbedAndTheStoryIsNot) {
  network().wan().set({.loss = 1, .from_client_port = Network::kFirstOtherPort});
  TcpPair pair(network());
  pair.exchange();
  const harness::InNamespace here(network().client_namespace());
  EXPECT_EQ(network().wan().counters(Direction::kToServer).lost, 0U);
  EXPECT_ANY_THROW(peers::connect({network().server_ip(), 1}, {.timeout = 100ms}));
  EXPECT_GE(network().wan().counters(Direction::kToServer).lost, 1U);
}

}  // namespace
}  // namespace connfate::lab

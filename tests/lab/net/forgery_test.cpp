// SPDX-License-Identifier: Apache-2.0
// Forged packets look as asked, and do what the kernel does with such packets.
#include <cerrno>
#include <fstream>
#include <sstream>

#include "harness/deadline.hpp"
#include "lab/net/network_fixture.hpp"
#include "lab/net/tcp_pair.hpp"

namespace connfate::lab {
namespace {

using namespace std::chrono_literals;

class ForgeryTest : public NetworkTest<Topology::kOneBox> {
 protected:
  void SetUp() override {
    NetworkTest::SetUp();
    if (!IsSkipped()) network().capture_to(folder_.path());
  }

  /// The RSTs that reached the server.
  std::vector<Segment> resets(const TcpPair& pair) {
    network().stop_capture();
    auto all =
        segments_of(folder_.path() / "lan.server.pcap", Direction::kToServer, pair.client_port());
    std::erase_if(all, [](const Segment& segment) { return !segment.rst; });
    return all;
  }

  /// A counter of /proc/net/netstat in the server.
  static long count(const std::string& name) {
    const harness::InNamespace here(network().server_namespace());
    std::ifstream file("/proc/thread-self/net/netstat");
    std::string names;
    std::string values;
    while (std::getline(file, names) && std::getline(file, values)) {
      std::istringstream name_stream(names);
      std::istringstream value_stream(values);
      std::string word;
      std::string value;
      while (name_stream >> word && value_stream >> value) {
        if (word == name) return std::stol(value);
      }
    }
    return -1;
  }

 private:
  harness::TemporaryDirectory folder_{"forgery"};
};

TEST_F(ForgeryTest, AnExactResetEndsTheConnection) {
  TcpPair pair(network());
  pair.exchange();
  ASSERT_TRUE(network().lan().inject(
      pair.client_port(),
      {.kind = ForgedKind::kRst, .ttl = 243, .ip_id_value = 0x4242, .window_value = 1980}));
  EXPECT_EQ(pair.server().read(), -ECONNRESET);
  const auto seen = resets(pair);
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].ttl, 243);
  EXPECT_EQ(seen[0].ip_id, 0x4242);
  EXPECT_EQ(seen[0].window, 1980);
  EXPECT_FALSE(seen[0].ack);
  EXPECT_FALSE(seen[0].timestamps);
}

TEST_F(ForgeryTest, APerfectForgeryContinuesTheClientsNumbers) {
  TcpPair pair(network());
  pair.exchange();
  pair.settle(network().lan());
  const auto facts = network().lan().connection(pair.client_port());
  network().lan().inject(pair.client_port(), {.kind = ForgedKind::kRstAck,
                                              .ip_id = Number::kContinue,
                                              .ip_id_value = 1,
                                              .window = Number::kContinue,
                                              .timestamps = true});
  EXPECT_EQ(pair.server().read(), -ECONNRESET);
  const auto seen = resets(pair);
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].ttl, 63);
  EXPECT_EQ(seen[0].ip_id, *facts->from_client.ip_id + 1);
  EXPECT_EQ(seen[0].window, facts->from_client.window);
  EXPECT_EQ(seen[0].ack_number, facts->from_server.next);
  EXPECT_EQ(seen[0].timestamps->echo, facts->from_server.timestamps->value);
  EXPECT_EQ(seen[0].source_mac, facts->from_client.mac);
}

TEST_F(ForgeryTest, TheResponseSetsOffAResetThatIsFasterThanTheRoundTrip) {
  network().set_rtt(60ms);
  TcpPair pair(network());
  pair.exchange();
  network().lan().add(
      {.match = {.direction = Direction::kToClient,
                 .what = What::kData,
                 .client_port = pair.client_port()},
       .action = {.drop = true, .forgeries = {firewall_rst(Direction::kToServer, 60)}},
       .times = 1});
  const auto begin = std::chrono::steady_clock::now();
  pair.server().write("response");
  EXPECT_EQ(pair.server().read(), -ECONNRESET);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 50ms);
  EXPECT_EQ(resets(pair).at(0).ttl, 60);
}

TEST_F(ForgeryTest, BothSidesCanBeResetAtTheResponse) {
  TcpPair pair(network());
  pair.exchange();
  network().lan().add({.match = {.direction = Direction::kToClient, .what = What::kData},
                       .action = {.forgeries = {firewall_rst(Direction::kToServer, 60),
                                                firewall_rst(Direction::kToClient, 60)}},
                       .times = 1});
  pair.server().write("response");
  EXPECT_EQ(pair.server().read(), -ECONNRESET);
  pair.read_at_client(100, 5s);
  EXPECT_TRUE(pair.client().was_reset());
}

TEST_F(ForgeryTest, ANearMissIsChallenged) {
  TcpPair pair(network());
  pair.exchange();
  const long before = count("TCPChallengeACK");
  network().lan().inject(pair.client_port(), {.sequence_offset = 5});
  EXPECT_TRUE(harness::eventually([&] { return count("TCPChallengeACK") > before; }, 5s));
  pair.exchange();
}

TEST_F(ForgeryTest, ATrainOfResetsProbesForwards) {
  TcpPair pair(network());
  pair.exchange();
  const auto before = network().lan().counters(Direction::kToServer).forged;
  network().lan().inject(
      pair.client_port(),
      {.sequence_step = 1460, .payload = "blocked by policy", .count = 3, .spacing = 5ms});
  EXPECT_EQ(pair.server().read(), -ECONNRESET);
  EXPECT_TRUE(harness::eventually(
      [&] { return network().lan().counters(Direction::kToServer).forged == before + 3; }, 5s));
  const auto seen = resets(pair);
  ASSERT_EQ(seen.size(), 3U);
  EXPECT_EQ(seen[1].seq, seen[0].seq + 1460);
  EXPECT_EQ(seen[2].seq, seen[0].seq + 2920);
  EXPECT_EQ(seen[0].payload, 17U);
}

TEST_F(ForgeryTest, AForgedFinIsTheEndOfTheStream) {
  TcpPair pair(network());
  pair.exchange();
  network().lan().inject(pair.client_port(), {.kind = ForgedKind::kFin, .timestamps = true});
  EXPECT_EQ(pair.server().read(), 0);
}

TEST_F(ForgeryTest, AKeepaliveProbeIsAnsweredWithItsOwnHeader) {
  TcpPair pair(network());
  pair.exchange();
  network().lan().add(
      {.match = {.direction = Direction::kToClient, .what = What::kKeepalive},
       .action = {
           .drop = true,
           .forgeries = {{.ttl = 28, .ip_id = Number::kOfTrigger, .window = Number::kOfTrigger}}}});
  for (const auto& [name, value] :
       {std::pair{TCP_KEEPINTVL, 1}, {TCP_KEEPIDLE, 1}, {TCP_KEEPCNT, 3}}) {
    setsockopt(pair.server().fd(), IPPROTO_TCP, name, &value, sizeof value);
  }
  const int on = 1;
  setsockopt(pair.server().fd(), SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
  EXPECT_EQ(pair.server().read(), -ECONNRESET);
  const auto facts = network().lan().connection(pair.client_port());
  const auto seen = resets(pair);
  EXPECT_EQ(seen.at(0).ip_id, facts->from_server.ip_id);
  EXPECT_EQ(seen.at(0).window, facts->from_server.window);
}

TEST_F(ForgeryTest, OverIpv6TheyAreAsEffective) {
  TcpPair pair(network(), network().server_ip6());
  pair.exchange();
  network().wan().inject(pair.client_port(), firewall_rst(Direction::kToServer, 200));
  EXPECT_EQ(pair.server().read(), -ECONNRESET);
  EXPECT_EQ(resets(pair).at(0).ttl, 199);  // through the box
}

TEST_F(ForgeryTest, AdministrativelyProhibitedArrivesAtTheServer) {
  TcpPair pair(network());
  network().wan().add({.match = {.direction = Direction::kToClient, .what = What::kData},
                       .action = {.drop = true, .forgeries = {prohibited("10.88.1.77")}}});
  const int on = 1;  // hard errors instead of hints: the kernel's way of showing that it came
  setsockopt(pair.server().fd(), IPPROTO_IP, 11 /* IP_RECVERR */, &on, sizeof on);
  pair.server().write("response");
  EXPECT_EQ(pair.server().read(), -EHOSTUNREACH);
}

}  // namespace
}  // namespace connfate::lab

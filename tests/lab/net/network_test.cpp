// SPDX-License-Identifier: Apache-2.0
// The topologies: what the boxes know, which way packets go, and that nothing is left behind.
#include "lab/net/network_fixture.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "lab/net/tcp_pair.hpp"

namespace connfate::lab {
namespace {

using namespace std::chrono_literals;

class OneBoxTest : public NetworkTest<Topology::kOneBox> {};
class PairTest : public NetworkTest<Topology::kPair> {};
class NatTest : public NetworkTest<Topology::kNat> {};

TEST_F(OneBoxTest, ABoxThatForgotDropsWhatItDoesNotKnow) {
  TcpPair pair(network());
  pair.exchange();
  network().set_unknown(Box::kA, Unknown::kDrop);
  pair.exchange();
  EXPECT_NE(network().conntrack(Box::kA).find(std::to_string(pair.client_port())),
            std::string::npos);
  network().conntrack_flush(Box::kA);
  EXPECT_EQ(network().conntrack(Box::kA), "");
  pair.server().write("response");
  EXPECT_EQ(pair.read_at_client(8, 400ms), "");
  TcpPair other(network());
  other.exchange();
}

TEST_F(OneBoxTest, ABoxThatForgotCanResetTheSender) {
  TcpPair pair(network(), network().server_ip6());
  pair.exchange();
  network().set_unknown(Box::kA, Unknown::kReset);
  network().conntrack_flush(Box::kA);
  pair.server().write("response");
  EXPECT_EQ(pair.server().read(), -ECONNRESET);
}

TEST_F(OneBoxTest, MendForgivesEverything) {
  network().set_unknown(Box::kA, Unknown::kDrop);
  network().wan().add({.action = {.drop = true}});
  network().set_link(Box::kA, Host::kServer, false);
  network().nft(Box::kA, "add rule inet connfate guard drop");
  network().sysctl(Host::kServer, "net/ipv4/tcp_retries2", "9");
  network().mend();
  EXPECT_EQ(network().sysctl(Host::kServer, "net/ipv4/tcp_retries2"), "3");
  TcpPair(network()).exchange();
  TcpPair(network(), network().server_ip6()).exchange();
}

/// As the server sees the client's side of the connection.
MacAddress source_mac(Network& network, const TcpPair& pair) {
  return network.lan().connection(pair.client_port())->from_client.mac;
}

TEST_F(PairTest, AFailoverChangesTheSourceMacAtTheServer) {
  TcpPair pair(network());
  pair.exchange();
  EXPECT_EQ(source_mac(network(), pair), (MacAddress{2, 0x88, 0, 0, 0x0a, 2}));
  network().fail_over();
  pair.exchange();
  EXPECT_EQ(source_mac(network(), pair), (MacAddress{2, 0x88, 0, 0, 0x0b, 2}));
}

TEST_F(PairTest, TheOtherBoxResetsWhatItDoesNotKnow) {
  TcpPair pair(network());
  pair.exchange();
  network().set_unknown(Box::kB, Unknown::kReset);
  network().route_via(Host::kServer, Box::kB);
  pair.server().write("response");
  EXPECT_EQ(pair.server().read(), -ECONNRESET);
}

TEST_F(PairTest, AnAsymmetricPathWorksAsLongAsNobodyMinds) {
  network().route_via(Host::kServer, Box::kB);
  TcpPair pair(network());
  pair.exchange();
  const auto facts = network().lan().connection(pair.client_port());
  EXPECT_EQ(facts->from_client.mac, (MacAddress{2, 0x88, 0, 0, 0x0a, 2}));
  EXPECT_EQ(facts->from_server.next_mac, (MacAddress{2, 0x88, 0, 0, 0x0b, 2}));
}

TEST_F(NatTest, TheClientKnowsTheServerByTheBoxAddress) {
  for (const std::string& ip : {network().server_ip(), network().server_ip6()}) {
    TcpPair pair(network(), ip);
    pair.exchange();
    EXPECT_EQ(to_text(network().wan().connection(pair.client_port())->server), ip);
    EXPECT_NE(to_text(network().lan().connection(pair.client_port())->server), ip);
  }
}

TEST_F(NatTest, TheServerKnowsTheClientByTheBoxAddress) {
  network().set_source_nat(true);
  TcpPair pair(network());
  pair.exchange();
  EXPECT_EQ(to_text(network().lan().connection(pair.client_port())->client), "10.88.2.1");
}

TEST_F(NatTest, ASegmentThatTheBoxFindsInvalidMakesTheClientResetTheServer) {
  TcpPair pair(network());
  pair.exchange();
  pair.settle(network().lan());
  network().lan().inject(pair.client_port(), {.kind = ForgedKind::kAck,
                                              .toward = Direction::kToClient,
                                              .sequence_offset = 1 << 25,  // beyond any window
                                              .window = Number::kContinue,
                                              .timestamps = true,
                                              .payload = "late"});
  EXPECT_EQ(pair.server().read(), -ECONNRESET);
  EXPECT_TRUE(network().wan().connection(pair.client_port())->from_client.rst);
}

/// Namespaces of this lab that belong to `pid`.
int namespaces_of(pid_t pid) {
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/run/netns")) {
    const std::string name = entry.path().filename();
    count += name.starts_with("cfl") && name.substr(4) == std::to_string(pid) ? 1 : 0;
  }
  return count;
}

TEST(LeftoverTest, TheNextRunRemovesWhatAKilledOneLeft) {
  if (const auto reason = Network::missing_privilege()) GTEST_SKIP() << *reason;
  int ready[2];
  ASSERT_EQ(pipe(ready), 0);
  const pid_t child = fork();
  if (child == 0) {
    const Network network(Topology::kPair);
    (void)!write(ready[1], "1", 1);
    pause();
    _exit(1);
  }
  close(ready[1]);
  char byte = 0;
  ASSERT_EQ(read(ready[0], &byte, 1), 1);
  close(ready[0]);
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  EXPECT_EQ(namespaces_of(child), 7);
  const Network network(Topology::kPair);
  EXPECT_EQ(namespaces_of(child), 0);
}

}  // namespace
}  // namespace connfate::lab

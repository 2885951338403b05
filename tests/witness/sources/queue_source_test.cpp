// SPDX-License-Identifier: Apache-2.0
// The counters of a real queue: tc's token bucket on lo, too small for any packet.
#include "witness/sources/queue_source.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

#include "component/loopback.hpp"
#include "harness/process.hpp"
#include "witness/sources/own_network.hpp"

namespace connfate::witness {
namespace {

using connfate::fixture::Socket;

void send_datagrams(int count) {
  const Socket socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(9);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  for (int i = 0; i < count; ++i) {
    (void)::sendto(socket.fd(), "x", 1, 0, reinterpret_cast<const sockaddr*>(&to), sizeof to);
  }
}

TEST(QueueSourceTest, counts_what_a_queue_of_this_host_dropped) {
  CONNFATE_NEEDS_OWN_NETWORK();
  QueueSource queues;
  const std::uint64_t before = queues.read_drops();
  send_datagrams(10);
  EXPECT_EQ(queues.read_drops(), before);
  const auto shaped = harness::run({"tc", "qdisc", "add", "dev", "lo", "root", "tbf", "rate",
                                    "8kbit", "burst", "10", "limit", "1"});
  if (shaped.exit_code != 0) GTEST_SKIP() << "this kernel has no tbf: " << shaped.output;
  send_datagrams(10);
  EXPECT_GE(queues.read_drops(), before + 10);
  harness::run_or_throw({"tc", "qdisc", "del", "dev", "lo", "root"});
  EXPECT_EQ(queues.read_drops(), before);
}

TEST(QueueSourceTest, reads_more_interfaces_than_one_answer_holds) {
  CONNFATE_NEEDS_OWN_NETWORK();
  QueueSource queues;
  for (int i = 0; i < 150; ++i) {
    const std::string name = "many" + std::to_string(i);
    harness::run_or_throw({"ip", "link", "add", name, "type", "veth", "peer", "name", name + "p"});
  }
  EXPECT_EQ(queues.read_drops(), queues.read_drops());
}

}  // namespace
}  // namespace connfate::witness

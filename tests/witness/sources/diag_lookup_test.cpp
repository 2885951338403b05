// SPDX-License-Identifier: Apache-2.0
#include "witness/sources/diag_lookup.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "component/loopback.hpp"
#include "connfate/syscalls.hpp"
#include "witness/sources/dual_stack.hpp"
#include "witness/sources/flow_of.hpp"
#include "witness/sources/own_network.hpp"

namespace connfate::witness {
namespace {

using connfate::fixture::eventually;
using connfate::fixture::Loopback;
using connfate::fixture::LoopbackOptions;
using connfate::fixture::Socket;

std::optional<SocketRecord> find(DiagLookup& lookup, int fd) {
  return lookup.find(fixture::flow_of(fd), *read_cookie(fd));
}

TEST(DiagLookupTest, FindsASocketAsItIsNow) {
  const Loopback loopback;
  loopback.server_sends(500);
  ASSERT_TRUE(loopback.server_has_all_acked());
  DiagLookup lookup;
  const auto found = find(lookup, loopback.server());
  ASSERT_TRUE(found && found->snapshot);
  EXPECT_EQ(found->state, TcpState::kEstablished);
  EXPECT_EQ(found->cookie, read_cookie(loopback.server()));
  EXPECT_EQ(found->snapshot->bytes_acked, Bytes{500});
}

TEST(DiagLookupTest, TellsWhatIsNotAcknowledged) {
  const Loopback loopback({.client_receive_buffer = 2304});
  const std::size_t sent = loopback.server_sends(1 << 20);
  DiagLookup lookup;
  const auto found = find(lookup, loopback.server());
  ASSERT_TRUE(found && found->snapshot);
  EXPECT_GT(found->unacked.value, 0U);
  EXPECT_EQ(found->unacked + *found->snapshot->bytes_acked, Bytes{sent});
}

TEST(DiagLookupTest, FindsIpv6) {
  const Loopback loopback(LoopbackOptions{.ipv6 = true});
  DiagLookup lookup;
  EXPECT_TRUE(find(lookup, loopback.server()));
}

TEST(DiagLookupTest, FindsAnIpv4ClientOfAnIpv6Listener) {
  const fixture::Pair pair = fixture::connect_mapped();
  DiagLookup lookup;
  EXPECT_TRUE(find(lookup, pair.server.fd()));
}

TEST(DiagLookupTest, FindsALinkLocalConnection) {
  CONNFATE_NEEDS_OWN_NETWORK();
  fixture::add_link_local_address();
  std::optional<fixture::Pair> pair;
  ASSERT_TRUE(eventually([&] {  // until duplicate address detection is over
    try {
      pair.emplace(fixture::connect_link_local());
    } catch (const std::system_error&) {
    }
    return pair.has_value();
  }));
  DiagLookup lookup;
  EXPECT_TRUE(find(lookup, pair->server.fd()));
}

TEST(DiagLookupTest, AnotherSocketOfTheSameFlowIsNotMeant) {
  const Loopback loopback;
  DiagLookup lookup;
  const auto cookie = *read_cookie(loopback.server());
  EXPECT_FALSE(lookup.find(fixture::flow_of(loopback.server()), cookie + 1'000'000));
}

TEST(DiagLookupTest, DoesNotFindWhatIsGone) {
  Loopback loopback;
  const Flow flow = fixture::flow_of(loopback.server());
  const auto cookie = *read_cookie(loopback.server());
  loopback.client_resets();
  ASSERT_TRUE(loopback.server_sees(TcpState::kClose));
  DiagLookup lookup;
  EXPECT_FALSE(lookup.find(flow, cookie));
}

/// What is left of a socket that closed first still carries its cookie.
TEST(DiagLookupTest, FindsWhatWaitsInTimeWaitWithoutItsCounters) {
  Loopback loopback;
  const Flow flow = fixture::flow_of(loopback.server());
  const auto cookie = *read_cookie(loopback.server());
  loopback.server_closes();
  loopback.client_closes();
  DiagLookup lookup;
  std::optional<SocketRecord> found;
  ASSERT_TRUE(eventually([&] {
    found = lookup.find(flow, cookie);
    return found && found->state == TcpState::kTimeWait;
  }));
  EXPECT_FALSE(found->snapshot);
  EXPECT_EQ(found->unacked, Bytes{});
  EXPECT_TRUE(found->has_acknowledged_fin());
}

TEST(DiagLookupTest, ListsThePortsThatAreListenedOn) {
  const Socket listener(::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
  ASSERT_EQ(::listen(listener.fd(), 1), 0);  // on a port that the kernel chooses
  const std::uint16_t port = fixture::flow_of(listener.fd()).local.port;
  DiagLookup lookup;
  const auto ports = lookup.listening_ports();
  EXPECT_TRUE(std::ranges::binary_search(ports, port));
  EXPECT_TRUE(std::ranges::is_sorted(ports));
  EXPECT_EQ(std::ranges::adjacent_find(ports), ports.end());
}

}  // namespace
}  // namespace connfate::witness

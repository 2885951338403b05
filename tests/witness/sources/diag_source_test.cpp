// SPDX-License-Identifier: Apache-2.0
#include "witness/sources/diag_source.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <map>

#include "component/loopback.hpp"
#include "connfate/syscalls.hpp"
#include "witness/sources/dual_stack.hpp"
#include "witness/sources/flow_of.hpp"
#include "witness/sources/in_child.hpp"
#include "witness/sources/own_network.hpp"

namespace connfate::witness {
namespace {

using connfate::fixture::eventually;
using connfate::fixture::Loopback;
using connfate::fixture::LoopbackOptions;

/// Closing a Loopback ends its client's and its server's socket; making it, its listener's.
constexpr std::size_t kEndsOfALoopback = 3;
constexpr std::size_t kSmallBuffer = 8192;

struct Overrun {
  std::size_t ended = 0, told = 0, lost = 0;
};

/// Ends many connections without reading, then reads until all is accounted for; again, if the
/// kernel was slower to tell than we were to read, and nothing was lost.
Overrun overrun(DiagSource& source) {
  Overrun result;
  eventually([&] {
    for (int i = 0; i < 100; ++i) Loopback();
    result.ended += 100 * kEndsOfALoopback;
    eventually([&] {
      result.told += source.read(1000, [](const SocketRecord&) {});
      result.lost += source.take_lost();
      return result.told + result.lost >= result.ended;
    });
    return result.lost > 0;
  });
  return result;
}

class DiagSourceTest : public testing::Test {
 protected:
  void SetUp() override { CONNFATE_NEEDS_OWN_NETWORK(); }

  /// The record of the end of that socket; nullopt when it did not come.
  static std::optional<SocketRecord> wait_for(DiagSource& source, std::uint64_t cookie) {
    std::map<std::uint64_t, SocketRecord> seen;
    eventually([&] {
      source.read(1000, [&](const SocketRecord& record) { seen[record.cookie] = record; });
      return seen.contains(cookie);
    });
    const auto found = seen.find(cookie);
    return found == seen.end() ? std::nullopt : std::optional(found->second);
  }
};

TEST_F(DiagSourceTest, TellsTheEndOfASocketWithItsLastSnapshot) {
  DiagSource source;
  Loopback loopback;
  const auto cookie = *read_cookie(loopback.server());
  const Flow flow = fixture::flow_of(loopback.server());
  loopback.server_sends(1000);
  ASSERT_TRUE(loopback.server_has_all_acked());
  loopback.client_resets();
  ASSERT_TRUE(loopback.server_sees(TcpState::kClose));
  loopback = Loopback();
  const auto record = wait_for(source, cookie);
  ASSERT_TRUE(record);
  EXPECT_EQ(record->flow, flow);
  ASSERT_TRUE(record->snapshot);
  EXPECT_EQ(record->snapshot->bytes_acked, Bytes{1000});
  EXPECT_EQ(record->unacked, Bytes{0});
}

TEST_F(DiagSourceTest, TellsWhatWasNeverRead) {
  DiagSource source;
  std::optional<Loopback> loopback(std::in_place);
  const auto cookie = *read_cookie(loopback->server());
  loopback->client_sends(77);
  ASSERT_TRUE(loopback->server_sees([](const auto& s) { return s.bytes_received == Bytes{77}; }));
  loopback.reset();
  const auto record = wait_for(source, cookie);
  ASSERT_TRUE(record);
  EXPECT_EQ(record->unread, Bytes{77});
}

TEST_F(DiagSourceTest, TellsOfIpv6) {
  DiagSource source;
  std::optional<Loopback> loopback(LoopbackOptions{.ipv6 = true});
  const auto cookie = *read_cookie(loopback->server());
  const Flow flow = fixture::flow_of(loopback->server());
  loopback.reset();
  const auto record = wait_for(source, cookie);
  ASSERT_TRUE(record);
  EXPECT_EQ(record->flow, flow);
  EXPECT_FALSE(record->flow.local.is_ipv4());
}

TEST_F(DiagSourceTest, TellsOfAnIpv4ClientOfAnIpv6Listener) {
  DiagSource source;
  std::optional<fixture::Pair> pair(fixture::connect_mapped());
  const auto cookie = *read_cookie(pair->server.fd());
  pair.reset();
  const auto record = wait_for(source, cookie);
  ASSERT_TRUE(record);
  EXPECT_TRUE(record->flow.local.is_ipv4());
  EXPECT_TRUE(record->flow.remote.is_ipv4());
}

TEST_F(DiagSourceTest, LosesExactlyWhatItSays) {
  DiagSource source(kSmallBuffer);
  const auto [ended, told, lost] = overrun(source);
  EXPECT_EQ(told + lost, ended);
  EXPECT_GT(told, 0U);
  EXPECT_GT(lost, 0U);
}

TEST_F(DiagSourceTest, GoesOnAfterALoss) {
  DiagSource source(kSmallBuffer);
  ASSERT_GT(overrun(source).lost, 0U);
  std::optional<Loopback> loopback(std::in_place);
  const auto cookie = *read_cookie(loopback->server());
  loopback.reset();
  EXPECT_TRUE(wait_for(source, cookie));
}

TEST_F(DiagSourceTest, TakesABoundedTurn) {
  DiagSource source;
  for (int i = 0; i < 100; ++i) Loopback();
  const auto nothing = [](const SocketRecord&) {};
  std::size_t turn = 0, total = 0;
  EXPECT_TRUE(eventually([&] {
    turn = std::max(turn, source.read(64, nothing));
    total += turn;
    return total >= 3 * 64;
  }));
  EXPECT_EQ(turn, 64U);
  EXPECT_EQ(source.take_lost(), 0U);
}

TEST_F(DiagSourceTest, NeedsNoPrivilege) {
  constexpr uid_t kNobody = 65534;
  EXPECT_EQ(fixture::in_child([] {
              if (::setuid(kNobody) != 0) return false;
              DiagSource source;
              std::optional<Loopback> loopback(std::in_place);
              const auto cookie = *read_cookie(loopback->server());
              loopback.reset();
              const auto record = wait_for(source, cookie);
              return record && record->snapshot;
            }),
            0);
}

}  // namespace
}  // namespace connfate::witness

// SPDX-License-Identifier: Apache-2.0
// refused_bytes() against what kernel 6.18 counted in real connections: each with a device or a
// firewall in it that is known.
#include "connfate/refused.hpp"

#include <gtest/gtest.h>

#include "unit/sample_evidence.hpp"

namespace connfate {
namespace {

struct Measured {
  std::string_view story;
  TcpState state;
  std::uint64_t refused;
  std::uint64_t notsent;
  std::uint64_t queue;  // SIOCOUTQ, or idiag_wqueue
  std::uint64_t sent;
  std::uint64_t retrans;
  std::uint64_t acked;
  bool kept_here;
};

constexpr auto kLive = TcpState::kCloseWait;
constexpr auto kDead = TcpState::kClose;

constexpr Measured kMeasured[] = {
    // This host's own nft, cgroup or qdisc.
    {"own drop, reset or timeout", kDead, 7344, 3000, 3000, 7344, 0, 0, true},
    {"own drop, the client's FIN", kLive, 10344, 3000, 3000, 10344, 0, 0, true},
    {"own drop after 200 kB", kLive, 955876, 716760, 716760, 1126228, 0, 170352, true},
    {"own drop after 200 kB, reset", kDead, 544448, 651600, 651600, 716760, 0, 172312, true},
    {"own drop of every 4th packet, heals", kLive, 81088, 0, 0, 381088, 0, 300000, false},
    {"own reject", kDead, 3000, 3000, 3000, 3000, 0, 0, true},
    {"own drop of all, path drops every 3rd", kDead, 7344, 3000, 3000, 7344, 0, 0, true},
    {"own drop, then our FIN, orphan", kDead, 44272, 3001, 3001, 44272, 0, 0, true},
    {"no route", kDead, 324, 3000, 3000, 324, 0, 0, true},
    {"link down", kDead, 8792, 3000, 3000, 8792, 0, 0, true},
    {"next hop has no carrier", kDead, 4448, 1552, 3000, 8792, 2896, 0, false},
    // Everybody else.
    {"clean", kLive, 0, 0, 0, 3000, 0, 3000, false},
    {"clean, our FIN acknowledged", kDead, 0, 0, 0, 3000, 0, 3001, false},
    {"client aborts in mid body", kDead, 0, 104256, 150592, 124528, 0, 78192, false},
    {"path drops", kDead, 0, 0, 3000, 8896, 5896, 0, false},
    {"path drops after 200 kB", kDead, 0, 708072, 893416, 362000, 5792, 170864, false},
    {"path loses every 4th, heals", kLive, 0, 0, 0, 411496, 111496, 300000, false},
    {"own input drops", kDead, 0, 0, 3000, 8896, 5896, 0, false},
    {"path drops the first, this host the repeats", kDead, 0, 0, 3000, 8896, 5896, 0, false},
};

TcpSnapshot snapshot_of(const Measured& row) {
  TcpSnapshot s = fixture::sample_snapshot();
  s.state = row.state;
  s.unacked = {};
  s.notsent = Bytes{row.notsent};
  s.bytes_sent = Bytes{row.sent};
  s.bytes_retrans = Bytes{row.retrans};
  s.bytes_acked = Bytes{row.acked};
  return s;
}

TEST(RefusedTest, IsWhatTheKernelCounted) {
  for (const Measured& row : kMeasured) {
    EXPECT_EQ(refused_bytes(snapshot_of(row), Bytes{row.queue}), Bytes{row.refused}) << row.story;
  }
}

TEST(RefusedTest, TellsWhetherAllThatIsMissingWasKeptHere) {
  for (const Measured& row : kMeasured) {
    EXPECT_EQ(is_all_kept_here(snapshot_of(row), Bytes{row.queue}), row.kept_here) << row.story;
  }
}

// Zero window, then a reset: 0 refused, and the data that waits waits for the client.
TEST(RefusedTest, AClosedWindowKeepsDataBackToo) {
  TcpSnapshot s = snapshot_of({"zero window", kDead, 0, 68032, 68032, 5840, 24, 5816, false});
  s.snd_wnd = Bytes{0};
  EXPECT_EQ(refused_bytes(s, Bytes{68032}), Bytes{0});
  EXPECT_FALSE(is_all_kept_here(s, Bytes{68032}));
  s.snd_wnd = s.snd_mss - Bytes{1};
  EXPECT_FALSE(is_all_kept_here(s, Bytes{68032}));
  s.snd_wnd.reset();
  EXPECT_FALSE(is_all_kept_here(s, Bytes{68032})) << "kernel before 5.4";
}

TEST(RefusedTest, SegmentsInFlightAreNotKeptHere) {
  TcpSnapshot s = snapshot_of(kMeasured[1]);
  s.unacked = {1};
  EXPECT_FALSE(is_all_kept_here(s, Bytes{3000}));
}

TEST(RefusedTest, IsNotKnownOnKernelsThatDoNotCountWhatTheySent) {
  for (const auto counter : {&TcpSnapshot::bytes_sent, &TcpSnapshot::bytes_retrans,
                             &TcpSnapshot::notsent, &TcpSnapshot::bytes_acked}) {
    TcpSnapshot s = snapshot_of(kMeasured[0]);
    (s.*counter).reset();
    EXPECT_EQ(refused_bytes(s, Bytes{3000}), std::nullopt);
  }
}

}  // namespace
}  // namespace connfate

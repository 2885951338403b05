// SPDX-License-Identifier: Apache-2.0
#include "connfate/response_range.hpp"

#include <gtest/gtest.h>

#include "unit/sample_evidence.hpp"

namespace connfate {
namespace {

constexpr std::uint64_t kGiB = 1ULL << 30;

/// A connection in `state` on which data was written, and what its counters say.
struct RangeRow {
  std::string_view story;
  TcpState state;
  std::uint64_t acked;
  std::uint64_t sent;
  std::uint64_t retrans;
  std::uint64_t notsent;
  std::uint32_t unacked;  // segments
  std::uint64_t queue;    // what SIOCOUTQ says
  bool write_shut_down;
  bool needs_queue;
  std::uint64_t end;
};

constexpr auto kEstab = TcpState::kEstablished;
constexpr auto kClose = TcpState::kClose;

constexpr RangeRow kRanges[] = {
    {"nothing written", kEstab, 0, 0, 0, 0, 0, 0, false, false, 0},
    {"all acked", kEstab, 4000, 4000, 0, 0, 0, 0, false, false, 4000},
    {"in flight", kEstab, 1000, 4000, 0, 0, 3, 3000, false, false, 4000},
    {"part not sent", kEstab, 1000, 3000, 0, 900, 2, 2900, false, false, 3900},
    {"retransmitted", kEstab, 1000, 5448, 1448, 0, 3, 3000, false, true, 4000},
    {"retransmitted, all acked", kEstab, 4000, 5448, 1448, 0, 0, 0, false, false, 4000},
    {"more than 4 GiB", kEstab, 5 * kGiB, 6 * kGiB, 0, 0, 800'000, kGiB, false, false, 6 * kGiB},
    // A segment that this host dropped counts as sent and stays "not sent" (s28).
    {"dropped here", kEstab, 0, 2000, 0, 1000, 0, 1000, false, true, 1000},
    {"dropped here, recovered", kEstab, 1000, 5000, 0, 0, 0, 0, false, true, 1000},
    {"dropped here, then more", kEstab, 1000, 5400, 0, 0, 1, 400, false, true, 1400},

    // The state was read before a RST, the counters after it: tcp_get_info(), net/ipv4/tcp.c, 6.18.
    {"torn by a RST", kEstab, 1232, 1444, 0, 0, 0, 212, false, true, 1444},

    {"our FIN unsent", TcpState::kFinWait1, 1000, 1000, 0, 68033, 0, 68033, false, false, 69032},
    {"our FIN in flight", TcpState::kFinWait1, 4000, 4000, 0, 0, 1, 1, false, false, 4000},
    {"our FIN and data in flight", TcpState::kFinWait1, 1000, 4000, 0, 0, 3, 3001, false, false,
     4000},
    {"our FIN acked", TcpState::kFinWait2, 4001, 4000, 0, 0, 0, 0, true, false, 4000},
    {"both FINs acked", TcpState::kTimeWait, 4001, 4000, 0, 0, 0, 0, true, false, 4000},
    {"simultaneous close", TcpState::kClosing, 1000, 4000, 0, 0, 3, 3001, true, false, 4000},
    {"client FIN", TcpState::kCloseWait, 1000, 4000, 0, 0, 3, 3000, false, false, 4000},
    {"client FIN, all acked", TcpState::kCloseWait, 4000, 4000, 0, 0, 0, 0, false, false, 4000},
    {"client FIN, ours in flight", TcpState::kLastAck, 1000, 4000, 0, 0, 3, 3001, true, false,
     4000},
    {"client FIN, ours retransmitted", TcpState::kLastAck, 1000, 7000, 3000, 0, 3, 3001, true, true,
     4000},

    {"died, all acked", kClose, 4000, 4000, 0, 0, 0, 0, false, false, 4000},
    {"died, in flight", kClose, 1000, 4000, 0, 0, 0, 3000, false, true, 4000},
    // r08: bytes_acked 150592, sent 289600, notsent 444536, SIOCOUTQ 583544.
    {"died mid-body", kClose, 150592, 289600, 0, 444536, 0, 583544, false, true, 734136},
    {"died retransmitting", kClose, 0, 4000, 3000, 0, 0, 1000, false, true, 1000},
    {"died with our FIN queued", kClose, 1000, 4000, 0, 0, 0, 3001, true, true, 4000},
    {"died after our FIN was acked", kClose, 4001, 4000, 0, 0, 0, 0, true, false, 4000},
    {"ended in order", kClose, 4001, 4000, 0, 0, 0, 0, false, false, 4000},
    {"ended in order, retransmitted", kClose, 4001, 5448, 1448, 0, 0, 0, false, true, 4000},
};

TcpSnapshot snapshot_of(const RangeRow& row) {
  TcpSnapshot s = fixture::sample_snapshot();
  s.state = row.state;
  s.bytes_acked = Bytes{row.acked};
  s.bytes_sent = Bytes{row.sent};
  s.bytes_retrans = Bytes{row.retrans};
  s.notsent = Bytes{row.notsent};
  s.unacked = {row.unacked};
  return s;
}

TEST(ResponseRangeTest, WriteOffsetInEveryState) {
  for (const RangeRow& row : kRanges) {
    const TcpSnapshot s = snapshot_of(row);
    EXPECT_EQ(needs_output_queue(s), row.needs_queue) << row.story;
    const auto queue = row.needs_queue ? std::optional(Bytes{row.queue}) : std::nullopt;
    EXPECT_EQ(write_offset(s, queue, row.write_shut_down), Bytes{row.end}) << row.story;
  }
}

TEST(ResponseRangeTest, TheOutputQueueNeverContradictsTheCounters) {
  for (const RangeRow& row : kRanges) {
    const auto end = write_offset(snapshot_of(row), Bytes{row.queue}, row.write_shut_down);
    EXPECT_EQ(end, Bytes{row.end}) << row.story;
  }
}

TEST(ResponseRangeTest, AllIsAcknowledgedWhenTheQueueHoldsNoDataOfOurs) {
  for (const RangeRow& row : kRanges) {
    const auto acked = acknowledged_up_to(snapshot_of(row), Bytes{row.end}, std::nullopt);
    EXPECT_EQ(acked, row.acked >= row.end) << row.story;
  }
}

/// The same moment on kernels that tell less: before 4.19, before 4.6, before 4.1.
void forget_after(TcpSnapshot& s, int release) {
  if (release < 419) s.bytes_sent.reset(), s.bytes_retrans.reset();
  if (release < 406) s.notsent.reset();
  if (release < 401) s.bytes_acked.reset();
}

TEST(ResponseRangeTest, KernelsWithoutBytesSentAskTheOutputQueue) {
  for (const RangeRow& row : kRanges) {
    if (row.state == kClose && row.acked > row.end && !row.write_shut_down) continue;
    for (const int release : {418, 405}) {
      TcpSnapshot s = snapshot_of(row);
      forget_after(s, release);
      const auto queue = needs_output_queue(s) ? std::optional(Bytes{row.queue}) : std::nullopt;
      EXPECT_EQ(write_offset(s, queue, row.write_shut_down), Bytes{row.end})
          << row.story << " on " << release;
    }
  }
}

TEST(ResponseRangeTest, TheOldestKernelsKnowNoOffsetAndNeverClaimDelivery) {
  for (const RangeRow& row : kRanges) {
    TcpSnapshot s = snapshot_of(row);
    forget_after(s, 400);
    EXPECT_TRUE(needs_output_queue(s)) << row.story;
    EXPECT_FALSE(write_offset(s, Bytes{row.queue}, row.write_shut_down)) << row.story;
    const auto acked = acknowledged_up_to(s, std::nullopt, Bytes{row.queue});
    const bool nothing_left = s.is_live() && row.queue == 0;
    EXPECT_EQ(acked.value_or(false), nothing_left) << row.story;
  }
}

TEST(ResponseRangeTest, WithoutAnyCounterNothingIsKnown) {
  TcpSnapshot s = fixture::sample_snapshot();
  forget_after(s, 400);
  EXPECT_FALSE(acknowledged_up_to(s, std::nullopt, std::nullopt));
  forget_after(s, 405);
  s.bytes_acked = Bytes{1000};
  EXPECT_FALSE(write_offset(s, std::nullopt, false)) << "the output queue could not be read";
}

TEST(ResponseRangeTest, OurFinIsAcknowledged) {
  for (const RangeRow& row : kRanges) {
    EXPECT_EQ(own_fin_acked(snapshot_of(row)), row.acked > row.end) << row.story;
  }
}

TEST(ResponseRangeTest, AcknowledgedPartStaysInsideTheResponse) {
  constexpr Bytes kStart{1000};
  constexpr Bytes kEnd{5000};
  EXPECT_EQ(acknowledged_part(kStart, kEnd, Bytes{400}), Bytes{0});
  EXPECT_EQ(acknowledged_part(kStart, kEnd, Bytes{1000}), Bytes{0});
  EXPECT_EQ(acknowledged_part(kStart, kEnd, Bytes{2500}), Bytes{1500});
  EXPECT_EQ(acknowledged_part(kStart, kEnd, Bytes{5000}), Bytes{4000});
  EXPECT_EQ(acknowledged_part(kStart, kEnd, Bytes{5001}), Bytes{4000}) << "our FIN counts as one";
}

}  // namespace
}  // namespace connfate

// SPDX-License-Identifier: Apache-2.0
// decode_tcp_info(): kernels answer with different lengths, and every field is there exactly when
// its bytes are.
#include "connfate/tcp_snapshot.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "unit/tcp_info_answer.hpp"

namespace connfate {
namespace {

using fixture::InfoField;
using fixture::TcpInfoAnswer;
namespace tcpi = fixture::tcpi;

using Value = std::optional<std::uint64_t>;

Value number(std::uint64_t value) {
  return value;
}
Value number(Bytes bytes) {
  return bytes.value;
}
Value number(Segments segments) {
  return segments.value;
}
Value number(TcpState state) {
  return static_cast<std::uint64_t>(state);
}
template <typename Period>
Value number(std::chrono::duration<std::int64_t, Period> duration) {
  return static_cast<std::uint64_t>(duration.count());
}
template <typename T>
Value number(const std::optional<T>& value) {
  return value ? number(*value) : std::nullopt;
}

template <auto kMember>
Value get(const TcpSnapshot& snapshot) {
  return number(snapshot.*kMember);
}

struct DecodeRow {
  InfoField field;
  Value (*get)(const TcpSnapshot&);
};

constexpr DecodeRow kOldest[] = {
    {tcpi::kState, get<&TcpSnapshot::state>},
    {tcpi::kRetransmits, get<&TcpSnapshot::retransmits>},
    {tcpi::kProbes, get<&TcpSnapshot::probes>},
    {tcpi::kBackoff, get<&TcpSnapshot::backoff>},
    {tcpi::kRto, get<&TcpSnapshot::rto>},
    {tcpi::kSndMss, get<&TcpSnapshot::snd_mss>},
    {tcpi::kUnacked, get<&TcpSnapshot::unacked>},
    {tcpi::kLastDataSent, get<&TcpSnapshot::last_data_sent>},
    {tcpi::kLastDataRecv, get<&TcpSnapshot::last_data_recv>},
    {tcpi::kLastAckRecv, get<&TcpSnapshot::last_ack_recv>},
    {tcpi::kRtt, get<&TcpSnapshot::rtt>},
    {tcpi::kRttvar, get<&TcpSnapshot::rttvar>},
    {tcpi::kCwnd, get<&TcpSnapshot::cwnd>},
    {tcpi::kTotalRetrans, get<&TcpSnapshot::total_retrans>},
};

constexpr DecodeRow kYounger[] = {
    {tcpi::kBytesAcked, get<&TcpSnapshot::bytes_acked>},
    {tcpi::kBytesReceived, get<&TcpSnapshot::bytes_received>},
    {tcpi::kSegsIn, get<&TcpSnapshot::segs_in>},
    {tcpi::kNotsent, get<&TcpSnapshot::notsent>},
    {tcpi::kDataSegsIn, get<&TcpSnapshot::data_segs_in>},
    {tcpi::kMinRtt, get<&TcpSnapshot::min_rtt>},
    {tcpi::kDeliveryRate, get<&TcpSnapshot::delivery_rate>},
    {tcpi::kBusyTime, get<&TcpSnapshot::busy_time>},
    {tcpi::kRwndLimited, get<&TcpSnapshot::rwnd_limited>},
    {tcpi::kSndbufLimited, get<&TcpSnapshot::sndbuf_limited>},
    {tcpi::kBytesSent, get<&TcpSnapshot::bytes_sent>},
    {tcpi::kBytesRetrans, get<&TcpSnapshot::bytes_retrans>},
    {tcpi::kRcvOooPack, get<&TcpSnapshot::segs_out_of_order>},
    {tcpi::kSndWnd, get<&TcpSnapshot::snd_wnd>},
    {tcpi::kTotalRtoTime, get<&TcpSnapshot::total_rto_time>},
};

/// A different value in every field, so that no field can be taken for another.
std::uint64_t value_of(const InfoField& field) {
  const std::uint64_t wide = field.width == 8 ? 0x1'0000'0000U : 0U;  // counters beyond 4 GiB
  return field.width == 1 ? field.offset + 1 : wide + 0x10000 * field.offset + 7;
}

TcpInfoAnswer full_answer() {
  TcpInfoAnswer answer;
  for (const DecodeRow& row : kOldest) answer.set(row.field, value_of(row.field));
  for (const DecodeRow& row : kYounger) answer.set(row.field, value_of(row.field));
  return answer;
}

TEST(DecodeTcpInfoTest, EveryLengthGivesExactlyTheFieldsItHolds) {
  TcpInfoAnswer answer = full_answer();
  for (std::size_t length = fixture::kLinux30; length <= 512; ++length) {
    const auto snapshot = decode_tcp_info(answer.set_length(length).bytes());
    ASSERT_TRUE(snapshot) << length;
    for (const DecodeRow& row : kOldest) {
      EXPECT_EQ(row.get(*snapshot), value_of(row.field)) << row.field.name << " at " << length;
    }
    for (const DecodeRow& row : kYounger) {
      const Value expected = length < row.field.end() ? Value{} : value_of(row.field);
      EXPECT_EQ(row.get(*snapshot), expected) << row.field.name << " at " << length;
    }
  }
}

TEST(DecodeTcpInfoTest, KernelReleasesBringTheirFields) {
  struct Release {
    std::size_t length;
    std::size_t younger_fields;
  };
  constexpr Release kReleases[] = {{104, 0},  {120, 0},  {136, 2},  {144, 3},  {160, 6},
                                   {168, 7},  {192, 10}, {200, 10}, {224, 12}, {232, 14},
                                   {240, 14}, {248, 15}, {280, 15}, {512, 15}};
  TcpInfoAnswer answer = full_answer();
  for (const Release& release : kReleases) {
    const auto snapshot = decode_tcp_info(answer.set_length(release.length).bytes());
    ASSERT_TRUE(snapshot);
    const auto known = std::ranges::count_if(
        kYounger, [&](const DecodeRow& row) { return row.get(*snapshot).has_value(); });
    EXPECT_EQ(static_cast<std::size_t>(known), release.younger_fields) << release.length;
  }
}

TEST(DecodeTcpInfoTest, ShorterThanTheOldestKernelIsNothing) {
  TcpInfoAnswer answer = full_answer();
  for (std::size_t length = 0; length < fixture::kLinux30; ++length) {
    EXPECT_FALSE(decode_tcp_info(answer.set_length(length).bytes())) << length;
  }
}

TEST(DecodeTcpInfoTest, WhatTheKernelHasNotMeasuredIsUnknown) {
  const auto fresh = decode_tcp_info(TcpInfoAnswer().set(tcpi::kMinRtt, 0xffffffff).bytes());
  ASSERT_TRUE(fresh);
  EXPECT_FALSE(fresh->min_rtt);
  EXPECT_FALSE(fresh->delivery_rate);
}

TEST(DecodeTcpInfoTest, ADurationBeyondChronoIsUnknown) {
  const auto odd = decode_tcp_info(TcpInfoAnswer().set(tcpi::kBusyTime, ~0ULL).bytes());
  ASSERT_TRUE(odd);
  EXPECT_FALSE(odd->busy_time);
  EXPECT_TRUE(odd->rwnd_limited);
}

TEST(DecodeTcpInfoTest, AStateWithoutANameSurvives) {
  const auto odd = decode_tcp_info(TcpInfoAnswer().set(tcpi::kState, 200).bytes());
  ASSERT_TRUE(odd);
  EXPECT_EQ(to_token(odd->state), "-");
}

TEST(TcpSnapshotTest, SilenceIsTheYoungerOfAckAndData) {
  using std::chrono::milliseconds;
  TcpSnapshot snapshot;
  snapshot.last_ack_recv = milliseconds(40);
  snapshot.last_data_recv = milliseconds(900);
  EXPECT_EQ(snapshot.silence(), milliseconds(40));
  snapshot.last_data_recv = milliseconds(8);
  EXPECT_EQ(snapshot.silence(), milliseconds(8));
}

TEST(TcpSnapshotTest, OnlyCloseIsNotLive) {
  TcpSnapshot snapshot;
  EXPECT_FALSE(snapshot.is_live());
  for (const TcpState state : {TcpState::kEstablished, TcpState::kCloseWait, TcpState::kTimeWait}) {
    snapshot.state = state;
    EXPECT_TRUE(snapshot.is_live());
  }
}

}  // namespace
}  // namespace connfate

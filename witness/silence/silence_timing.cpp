// SPDX-License-Identifier: Apache-2.0
#include "witness/silence/silence_timing.hpp"

#include <algorithm>

#include "witness/attribution/wording.hpp"

namespace connfate::witness {
namespace {

/// A packet that was on its way when the data was lost proves nothing. A second, or two round trips
/// and a repetition, is more than any is on its way.
constexpr Duration kShortestWait = std::chrono::seconds(1);

/// TCP_INFO counts ages in jiffies (4 ms at HZ=250, 10 ms at HZ=100).
constexpr Duration kJiffy = std::chrono::milliseconds(10);

constexpr int kMostDoublings = 20;

// A timeout is between these two (TCP_RTO_MIN, which a route can lower, and TCP_RTO_MAX,
// include/net/tcp.h, 6.1).
constexpr Duration kShortestRto = std::chrono::milliseconds(200);
constexpr Duration kLongestRto = std::chrono::seconds(120);

}  // namespace

std::optional<SilenceTiming> timing_of(const Silence& silence) noexcept {
  const auto measured_at = silence.taken_at ? silence.taken_at : silence.ended_at;
  const TcpSnapshot& s = silence.snapshot;
  if (!measured_at || s.retransmits == 0) return std::nullopt;
  SilenceTiming t;
  t.measured_at = *measured_at;
  t.base_rto = s.rto / (1 << std::min<int>(s.retransmits, kMostDoublings));
  // Between the first repetition and the last one: 2, 4, ... times base_rto, until s.rto is next.
  const Instant last_sent = *measured_at - s.last_data_sent;
  const Instant first_repeated = last_sent - std::max(s.rto - 2 * t.base_rto, Duration{});
  t.first_sent = first_repeated - t.base_rto;
  t.is_later = s.rto >= kLongestRto || t.base_rto < kShortestRto;
  t.answer_due = t.first_sent + std::max(2 * s.rtt + t.base_rto, kShortestWait) + kJiffy;
  t.last_heard = *measured_at - s.silence();
  return t;
}

std::string since_first_sent(const SilenceTiming& timing, Instant at) {
  return (timing.is_later ? "at least " : "") + to_text(at - timing.first_sent);
}

}  // namespace connfate::witness

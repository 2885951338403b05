// SPDX-License-Identifier: Apache-2.0
#include "witness/silence/silence_timing.hpp"

#include <algorithm>

#include "witness/attribution/wording.hpp"

namespace connfate::witness {
namespace {

/// A packet that was on its way when the data was lost proves nothing. A second, or two round trips
/// and a repetition, is more than any is on its way.
constexpr Duration kShortestWait = std::chrono::seconds(1);

constexpr int kMostDoublings = 20;

/// An answer comes this soon, or after two round trips.
constexpr Duration kAnswer = std::chrono::milliseconds(100);

/// TCP_RTO_MAX (include/net/tcp.h, 6.1).
constexpr Duration kLongestRto = std::chrono::seconds(120);

/// Of the last repetition nobody knows yet whether it is lost when the end came before an answer to
/// it could, or was that answer. `last_sent`: when it was sent, which was before the answer,
/// however late this host is told of the end.
Instant last_lost(const Silence& silence, const SilenceTiming& t, Instant last_sent) noexcept {
  const TcpSnapshot& s = silence.snapshot;
  const Instant end = silence.answered_at.value_or(t.measured_at);
  last_sent = std::min(last_sent, end);
  if (end - last_sent >= std::max<Duration>(2 * s.rtt, kAnswer)) return last_sent;
  return last_sent - (t.is_later ? s.rto : s.rto / 2);
}

/// Did the kernel hear the client after the data had been repeated long enough? It hears more than
/// the capture keeps, pure acknowledgements too. A RST it does not stamp, so it was none.
bool is_heard_late(const Silence& silence, const std::optional<SilenceTiming>& timing) noexcept {
  return timing && timing->last_heard > timing->answer_due &&
         (!silence.ended_at || timing->last_heard <= *silence.ended_at);
}

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
  if (silence.in_flight_at && *silence.in_flight_at < t.first_sent) {
    t.first_sent = *silence.in_flight_at;
    t.is_later = true;
  }
  t.answer_due = t.first_sent + std::max(2 * s.rtt + t.base_rto, kShortestWait) + kLongestJiffy;
  t.last_heard = *measured_at - s.silence();
  t.last_lost = last_lost(silence, t, last_sent);
  return t;
}

std::optional<Instant> in_flight_by_icmp(const WireHistory& history, Bytes acked) noexcept {
  for (const IcmpError& error : history.icmp_errors()) {
    if (history.quoted_by(error, acked) == acked) return error.at;
  }
  return std::nullopt;
}

std::string since_first_sent(const SilenceTiming& timing, Instant at) {
  return (timing.is_later ? "at least " : "") + to_text(at - timing.first_sent);
}

bool is_not_reading(const Silence& silence, const std::optional<SilenceTiming>& timing) noexcept {
  const TcpSnapshot& s = silence.snapshot;
  if (s.snd_wnd != Bytes{} || s.probes > 1) return false;
  const bool waits = s.notsent.value_or(Bytes{}) > Bytes{};
  return (waits && s.retransmits == 0) || is_heard_late(silence, timing);
}

bool may_be_not_reading(const Silence& silence) noexcept {
  return silence.snapshot.snd_wnd == Bytes{};
}

}  // namespace connfate::witness

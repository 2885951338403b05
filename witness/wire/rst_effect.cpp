// SPDX-License-Identifier: Apache-2.0
#include "witness/wire/rst_effect.hpp"

#include <algorithm>

#include "witness/wire/sequence.hpp"

namespace connfate::witness {
namespace {

using std::chrono::milliseconds;
using Packets = std::span<const Packet>;

/// No receive window is larger (RFC 7323, 2.3).
constexpr std::int64_t kLargestWindow = std::int64_t{1} << 30;

/// A FIN may leave this host while the RST is still on its way up from the driver.
constexpr Duration kCrossing = milliseconds(1);

template <typename Predicate>
bool any(Packets packets, Predicate predicate) noexcept {
  return std::ranges::any_of(packets, predicate);
}

/// Whether the client acknowledged all that this host sent before `fin`; nullopt when nothing
/// tells.
std::optional<bool> is_acknowledged(Packets before, const Packet& fin,
                                    const HostFacts& host) noexcept {
  const std::uint32_t end = end_seq(fin) - 1U;
  const auto acknowledges = [end](const Packet& p) {
    return p.direction == Direction::kIn && !p.rst && p.ack && seq_distance(p.ack_number, end) >= 0;
  };
  if (any(before, acknowledges)) return true;
  const auto syn = std::ranges::find_if(
      before, [](const Packet& p) { return p.syn && p.direction == Direction::kOut; });
  if (!host.bytes_acked || syn == before.end()) return std::nullopt;
  const auto acked = syn->seq + 1U + static_cast<std::uint32_t>(host.bytes_acked->value);
  return seq_distance(acked, end) >= 0;
}

/// Both sides had finished, and the client had everything: a RST takes nothing away any more, also
/// when this host's FIN, which it had not seen, is what it answers.
bool both_finished(Packets before, const HostFacts& host) noexcept {
  const auto in = [](const Packet& p) { return p.fin && p.direction == Direction::kIn; };
  const auto out = std::ranges::find_if(
      before, [](const Packet& p) { return p.fin && p.direction == Direction::kOut; });
  return any(before, in) && out != before.end() && is_acknowledged(before, *out, host) != false;
}

bool is_post_close(Packets before, const Packet& rst, const HostFacts& host) noexcept {
  if (host.destroyed_at && rst.at > *host.destroyed_at + kClockSkew) return true;
  const auto reset = [](const Packet& p) { return p.rst && p.direction == Direction::kOut; };
  return both_finished(before, host) || any(before, reset);
}

/// This host connects, and nothing but its SYN has been seen: a RST must acknowledge that SYN.
bool is_connecting(Packets before) noexcept {
  return !before.empty() && std::ranges::all_of(before, [](const Packet& p) {
    return p.direction == Direction::kOut && p.syn && !p.ack;
  });
}

RstEffect effect_while_connecting(Packets before, const Packet& rst) noexcept {
  const bool acceptable = rst.ack && rst.ack_number == end_seq(before.back());
  return acceptable ? RstEffect::kApplied : RstEffect::kIgnored;
}

/// The host's TCP went on after the RST: it sent its first FIN, which a reset connection does not.
bool host_lived_on(Packets before, Packets after, const Packet& rst) noexcept {
  const auto fin_out = [](const Packet& p) { return p.fin && p.direction == Direction::kOut; };
  return !any(before, fin_out) &&
         any(after, [&](const Packet& p) { return fin_out(p) && p.at > rst.at + kCrossing; });
}

/// New data came that begins exactly where the captured data had ended: nothing had been missed.
bool data_was_contiguous(Packets after, std::uint32_t next) noexcept {
  return any(after, [next](const Packet& p) {
    return p.direction == Direction::kIn && !p.rst && !p.syn && p.seq == next && end_seq(p) != next;
  });
}

/// The socket was seen alive after the RST: it never reached TCP, or was not taken.
bool socket_lived_on(const Packet& rst, const HostFacts& host) noexcept {
  return host.alive_at && *host.alive_at > rst.at + kClockSkew;
}

RstEffect effect_ahead(std::int64_t distance) noexcept {
  return distance < kLargestWindow ? RstEffect::kChallenged : RstEffect::kIgnored;
}

/// Against the number that the final TCP_INFO gives, which misses no byte.
RstEffect effect_by_counters(std::uint32_t seq, std::uint32_t last, bool fin_received) noexcept {
  const std::int64_t distance = seq_distance(seq, last);
  // tcp_reset_check(), net/ipv4/tcp_input.c (6.1): after a FIN also the FIN's own number counts.
  if (distance == 0 || (fin_received && distance == -1)) return RstEffect::kApplied;
  return distance < 0 ? RstEffect::kIgnored : effect_ahead(distance);
}

}  // namespace

std::optional<std::uint32_t> next_expected(Packets packets) noexcept {
  std::optional<std::uint32_t> next;
  for (const Packet& p : packets) {
    if (p.rst || (p.direction == Direction::kOut && !p.ack)) continue;
    const std::uint32_t told = p.direction == Direction::kIn ? end_seq(p) : p.ack_number;
    next = next ? later_seq(*next, told) : told;
  }
  return next;
}

std::optional<std::uint32_t> last_expected(Packets packets, const HostFacts& host) noexcept {
  const auto syn = std::ranges::find_if(
      packets, [](const Packet& p) { return p.syn && p.direction == Direction::kIn; });
  if (!host.bytes_received || syn == packets.end()) return std::nullopt;
  return syn->seq + 1U + static_cast<std::uint32_t>(host.bytes_received->value);
}

namespace {

/// By the numbers.
RstEffect effect_by_numbers(Packets packets, std::size_t index, const HostFacts& host) noexcept {
  const Packet& rst = packets[index];
  const Packets before = packets.first(index);
  const Packets after = packets.subspan(index + 1);
  if (is_post_close(before, rst, host)) return RstEffect::kPostClose;
  if (is_connecting(before)) return effect_while_connecting(before, rst);
  const auto next = next_expected(before);
  if (!next) return RstEffect::kUnknown;

  const bool fin_received =
      any(before, [](const Packet& p) { return p.fin && p.direction == Direction::kIn; });
  const auto last = last_expected(packets, host);
  if (last) return effect_by_counters(rst.seq, *last, fin_received);

  const std::int64_t distance = seq_distance(rst.seq, *next);
  const bool lived_on = host_lived_on(before, after, rst);
  const bool exact = distance == 0 || (fin_received && distance == -1);
  if (exact) return lived_on ? RstEffect::kNotTaken : RstEffect::kApplied;
  if (distance < 0 || distance >= kLargestWindow) return RstEffect::kIgnored;
  return lived_on || data_was_contiguous(after, *next) ? RstEffect::kChallenged
                                                       : RstEffect::kUnknown;
}

}  // namespace

RstEffect effect_of(Packets packets, std::size_t index, const HostFacts& host) noexcept {
  const RstEffect effect = effect_by_numbers(packets, index, host);
  if (!socket_lived_on(packets[index], host)) return effect;
  switch (effect) {
    case RstEffect::kApplied: return RstEffect::kNotTaken;
    case RstEffect::kUnknown: return RstEffect::kIgnored;
    case RstEffect::kIgnored:
    case RstEffect::kChallenged:
    case RstEffect::kPostClose:
    case RstEffect::kNotTaken: break;
  }
  return effect;
}

}  // namespace connfate::witness

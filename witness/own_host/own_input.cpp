// SPDX-License-Identifier: Apache-2.0
// The capture sits in front of this host's incoming firewall, TCP behind it. What the first saw and
// the second had to take, and did not, was lost in between.
#include <fmt/format.h>

#include <algorithm>

#include "witness/attribution/wording.hpp"
#include "witness/own_host/own_looks.hpp"
#include "witness/wire/rst_effect.hpp"
#include "witness/wire/sequence.hpp"

namespace connfate::witness {
namespace {

/// A packet at the very end may have come when the socket was just gone.
constexpr Duration kBeforeEnd = std::chrono::milliseconds(500);

/// One packet may be lost for reasons that leave no trace (a checksum, memory). A client sends
/// again what is not answered; twice is no accident.
constexpr std::size_t kOften = 2;

/// The kernel drops what is older than what it has seen (PAWS, RFC 7323 5.3).
bool is_old_by_timestamp(std::span<const Packet> before, const Packet& p) noexcept {
  return std::ranges::any_of(before, [&p](const Packet& other) {
    return other.direction == Direction::kIn && !other.rst && other.timestamps &&
           (!p.timestamps || seq_before(p.timestamps->value, other.timestamps->value));
  });
}

/// The next byte that TCP waited for is in it, or it resets exactly there.
bool had_to_be_taken(const Packet& p, std::uint32_t expected) noexcept {
  if (p.rst) return p.seq == expected;
  return p.ack && !seq_before(expected, p.seq) && seq_before(expected, end_seq(p));
}

/// It acknowledges what TCP never saw acknowledged.
bool acknowledges_unheard(const OwnHostQuestion& q, const Packet& p) noexcept {
  const auto acked = q.history.acknowledged_by(p, q.missing.acked);
  const auto& heard = q.socket.snapshot->bytes_acked;
  return !p.rst && !p.syn && acked && heard && *acked > *heard + Bytes{1} &&
         *acked <= *heard + q.socket.unacked;
}

struct Untaken {
  std::size_t count = 0;
  std::size_t fins = 0;
  std::size_t resets = 0;
  std::size_t acknowledgements = 0;
  const Packet* first = nullptr;
};

std::string text_of(const Untaken& untaken) {
  std::vector<std::string> kinds;
  if (untaken.fins > 0) kinds.push_back(fmt::format("its FIN {} times", untaken.fins));
  if (untaken.resets > 0) kinds.push_back(fmt::format("its reset {} times", untaken.resets));
  if (untaken.acknowledgements > 0) {
    kinds.push_back(fmt::format("{} that acknowledge more", untaken.acknowledgements));
  }
  return kinds.empty() ? std::string("data") : fmt::format("{}", fmt::join(kinds, ", "));
}

Untaken count_untaken(const OwnHostQuestion& q, std::uint32_t expected) {
  const auto& packets = q.history.packets();
  Untaken untaken;
  for (std::size_t i = 0; i < packets.size(); ++i) {
    const Packet& p = packets[i];
    if (p.direction != Direction::kIn || p.syn || p.at + kBeforeEnd > q.ended_at) continue;
    const bool taken_back = had_to_be_taken(p, expected);
    const bool unheard = acknowledges_unheard(q, p);
    if (!taken_back && !unheard) continue;
    if (!p.rst && is_old_by_timestamp(std::span(packets).first(i), p)) continue;
    ++untaken.count;
    untaken.fins += p.fin ? 1 : 0;
    untaken.resets += p.rst ? 1 : 0;
    untaken.acknowledgements += unheard ? 1 : 0;
    if (untaken.first == nullptr) untaken.first = &p;
  }
  return untaken;
}

}  // namespace

std::string look_at_own_input(const OwnHostQuestion& q) {
  const auto expected = last_expected(q.history.packets(), q.host);
  if (!expected) return {};
  const Untaken untaken = count_untaken(q, *expected);
  if (untaken.count < kOften) return {};
  return fmt::format(
      "{} packets of the client were captured here, the first {} before the end, that "
      "TCP never got ({}): this host kept them, as an incoming firewall rule does (nft "
      "list ruleset)",
      untaken.count, to_text(q.ended_at - untaken.first->at), text_of(untaken));
}

}  // namespace connfate::witness

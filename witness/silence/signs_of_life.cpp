// SPDX-License-Identifier: Apache-2.0
#include "witness/silence/signs_of_life.hpp"

#include <algorithm>
#include <vector>

#include "witness/wire/client_baseline.hpp"
#include "witness/wire/rst_effect.hpp"

namespace connfate::witness {
namespace {

using std::chrono::milliseconds;

/// What was sent this much later than something came was sent after it: the kernel's ages have the
/// grain of a jiffy, and packets have another clock.
constexpr Duration kOrder = milliseconds(60);

/// A stamp of the kernel and the time of the packet that it stamps differ by less.
constexpr Duration kStampSkew = kClockSkew + milliseconds(10);

/// Sooner no client repeats for want of an answer (TCP_RTO_MIN is 200 ms; others are a little
/// faster).
constexpr Duration kShortestRepeat = milliseconds(150);

constexpr std::size_t kCopies = 3;

struct Look {
  const WireHistory& history;
  const HostFacts& host;
  const Silence& silence;
  const SilenceTiming& timing;
};

bool is_after_end(const Look& look, Instant at) noexcept {
  return look.silence.ended_at && at > *look.silence.ended_at;
}

/// Its kernel stamped something as late as that.
bool is_taken(const Look& look, Instant at) noexcept {
  return at <= look.timing.last_heard + kStampSkew;
}

/// It has come as far as the packets before it.
bool has_usual_distance(const Look& look, const Packet& p) {
  std::vector<Packet> others = look.history.packets();
  std::erase_if(others, [&p](const Packet& other) { return other.at >= p.at; });
  return ClientBaseline(others, look.host).distance_of(p.ttl).is_close();
}

/// Sent by the client itself, as far as its TTL tells, and no news of the data.
bool is_own_without_news(const Look& look, const Packet& p) {
  if (p.direction == Direction::kOut || p.rst || p.syn || p.window == 0) return false;
  return look.history.acknowledged_by(p, look.silence.acked) == look.silence.acked &&
         has_usual_distance(look, p);
}

bool is_copy(const Packet& a, const Packet& b) noexcept {
  return a.seq == b.seq && a.payload == b.payload && a.fin == b.fin;
}

/// This host's own RST left between the two: its answer once the socket was gone.
bool is_answered_by_reset(const Look& look, Instant from, Instant to) {
  return std::ranges::any_of(look.history.packets(), [&](const Packet& p) {
    return p.rst && p.direction == Direction::kOut && p.at >= from && p.at < to;
  });
}

/// `packets`: of the client, without news. Each copy but the last was answered, and repeated later
/// than an answer takes.
bool is_repeated_in_vain(const Look& look, const std::vector<const Packet*>& packets,
                         const Packet& last) {
  std::vector<const Packet*> copies;
  for (const Packet* p : packets) {
    if (p->at <= last.at && is_copy(*p, last)) copies.push_back(p);
  }
  if (copies.size() < kCopies) return false;
  const Duration answer = std::max<Duration>(2 * look.silence.snapshot.rtt, kShortestRepeat);
  for (std::size_t i = 1; i < copies.size(); ++i) {
    const Instant before = copies[i - 1]->at;
    if (copies[i]->at - before < answer) return false;
    const bool answered = is_after_end(look, before)
                              ? is_answered_by_reset(look, before, copies[i]->at)
                              : is_taken(look, before);
    if (!answered) return false;
  }
  return true;
}

/// What came when the kernel stamped it has come from where no packet of the client does.
bool is_of_another(const Look& look, Instant at) {
  return std::ranges::any_of(look.history.packets(), [&](const Packet& p) {
    const Duration apart = p.at > at ? p.at - at : at - p.at;
    return p.direction == Direction::kIn && !p.rst && !p.syn && apart <= kStampSkew &&
           !has_usual_distance(look, p);
  });
}

void note_kernel(SignsOfLife& signs, const Look& look) {
  const Instant at = look.timing.last_heard;
  const bool late = at > look.timing.answer_due && !is_after_end(look, at);
  if (!look.silence.snapshot.snd_wnd || !late || at + kOrder > look.timing.last_lost) return;
  if (is_of_another(look, at)) return;
  if (!signs.heard || *signs.heard + kStampSkew < at) signs.heard_packet = nullptr;
  signs.heard = std::max(signs.heard.value_or(at), at);
}

}  // namespace

SignsOfLife signs_of_life(const WireHistory& history, const HostFacts& host, const Silence& silence,
                          const std::optional<SilenceTiming>& timing) {
  SignsOfLife signs;
  if (!timing) return signs;
  const Look look{history, host, silence, *timing};
  std::vector<const Packet*> own;
  for (const Packet& p : history.packets()) {
    if (!is_after_end(look, p.at) && !is_taken(look, p.at)) continue;
    if (is_own_without_news(look, p)) own.push_back(&p);
  }
  for (const Packet* p : own) {
    if (p->at <= timing->answer_due) continue;
    signs.late = p;
    if (is_repeated_in_vain(look, own, *p)) signs.repeated = p;
    if (is_after_end(look, p->at) || p->at + kOrder > timing->last_lost) continue;
    signs.heard = p->at;
    signs.heard_packet = p;
  }
  note_kernel(signs, look);
  return signs;
}

}  // namespace connfate::witness

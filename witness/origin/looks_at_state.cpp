// SPDX-License-Identifier: Apache-2.0
// What the sender of the RST knew of the connection, and when it can have sent.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "witness/attribution/wording.hpp"
#include "witness/origin/origin_looks.hpp"
#include "witness/wire/sequence.hpp"

namespace connfate::witness {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Duration kTrain = seconds(2);  ///< resets, or data after one, this close belong together
constexpr Duration kUsualRtt = milliseconds(200);  ///< where the round trip is not known
constexpr Duration kFarAway = milliseconds(20);
constexpr std::int64_t kOneStream = std::int64_t{1} << 24;

/// While strangers guess at the connection's numbers, a train must be a short one, and they few: of
/// 64 guesses one comes as near behind a reset once in a thousand times.
constexpr std::size_t kFewGuesses = 64;
constexpr std::int64_t kOneStep = 65535;

/// Packets of one sender that leave it microseconds apart are captured out of order by as much,
/// when several queues or busy processors hand them up. Seen on veth: 0.1 ms.
constexpr Duration kReordering = milliseconds(50);

/// Below this a difference of times is within what a busy host adds.
constexpr Duration kTimingGrain = milliseconds(1);

/// Idle timers of NATs, load balancers, cloud networks and firewalls; also of ordinary clients.
constexpr std::array<int, 6> kIdleTimers{30, 60, 240, 300, 350, 3600};
constexpr double kTimerTolerance = 0.02;

bool advances_ack(std::span<const Packet> before, const Packet& p) noexcept {
  return p.ack && std::ranges::none_of(before, [&p](const Packet& earlier) {
           return is_of_client(earlier) && earlier.ack &&
                  !seq_before(earlier.ack_number, p.ack_number);
         });
}

/// New on the client's side, and no straggler: what was sent before the RST arrives within a round
/// trip of it, and is seen a little later still.
bool is_sign_of_life(const OriginScene& scene, const Packet& p, std::uint32_t next) noexcept {
  const Duration straggling = std::max(scene.host.min_rtt.value_or(kUsualRtt), kReordering);
  const Duration later = p.at - scene.rst().at;
  if (!is_of_client(p) || p.syn || later <= straggling || later > kTrain) return false;
  const std::int64_t ahead = seq_distance(p.seq, scene.rst().seq);
  if (ahead < 0 || ahead > kOneStream) return false;
  const bool something_new = seq_before(next, end_seq(p)) || advances_ack(scene.before(), p);
  const ClientBaseline baseline(scene.before(), scene.host);
  return something_new && baseline.distance_of(p.ttl).relation == Distance::Relation::kSame;
}

/// RST_SEQ_CHANGE of Weaver, Sommer and Paxson (NDSS 2009), with all its conditions.
bool is_probing(const OriginScene& scene, const Packet& first, const Packet& second) noexcept {
  const auto before = scene.packets.first(static_cast<std::size_t>(&first - scene.packets.data()));
  const bool closing = std::ranges::any_of(
      before, [](const Packet& p) { return p.fin || (p.rst && p.direction == Direction::kOut); });
  const auto next = next_expected(before);
  if (closing || !next || second.at - first.at >= kTrain) return false;
  const auto last = last_expected(scene.packets, scene.host);
  const std::uint32_t reached = last ? later_seq(*next, *last) : *next;
  return seq_distance(second.seq, first.seq) > 2 && seq_distance(second.seq, reached) > 2;
}

/// No answer of the client comes sooner. One measurement may have met a queue that was gone a
/// moment later, or a busy host: it is no minimum yet.
Duration soonest_answer(const HostFacts& host) noexcept {
  if (!host.min_rtt_is_one_sample) return *host.min_rtt / 2;
  return *host.min_rtt < kFarAway ? Duration{} : *host.min_rtt / 10;
}

}  // namespace

std::optional<Observed> look_client_went_on(const OriginScene& scene) {
  const auto next = next_expected(scene.before());
  if (!next) return std::nullopt;
  for (const Packet& p : scene.after()) {
    if (!is_sign_of_life(scene, p, *next)) continue;
    return Observed{Confidence::kModerate,
                    fmt::format("the client kept sending: {} later a packet {} bytes beyond the "
                                "reset, ttl {}",
                                to_text(p.at - scene.rst().at),
                                seq_distance(end_seq(p), scene.rst().seq), p.ttl)};
  }
  return std::nullopt;
}

std::optional<Observed> look_too_soon(const OriginScene& scene) {
  const auto cause = scene.earliest_cause();
  if (!cause || !scene.host.min_rtt || !scene.is_reply_form()) return std::nullopt;
  const Duration waited = scene.rst().at - *cause;
  if (waited + kTimingGrain > soonest_answer(scene.host)) return std::nullopt;
  return Observed{Confidence::kModerate,
                  fmt::format("it has the form of a reply to this host, {} after the first packet "
                              "it can answer; the round trip to the client is at least {}",
                              to_text(waited), to_text(*scene.host.min_rtt))};
}

std::optional<Observed> look_sequence_probing(const OriginScene& scene) {
  if (scene.host.packets_lost > 0) return std::nullopt;  // it says "nobody had reached"
  // Of somebody who guesses, any may come near; and the client's own reset is not his.
  if (scene.strangers > kFewGuesses) return std::nullopt;
  for (const Packet* later : scene.resets) {
    const Packet& first = scene.rst();
    const Packet& second = *later;
    const bool of_one_form = first.ack == second.ack && first.has_options == second.has_options;
    if (second.at < first.at || !of_one_form || !is_probing(scene, first, second)) continue;
    if (scene.strangers > 0 && seq_distance(second.seq, first.seq) > kOneStep) continue;
    return Observed{Confidence::kModerate,
                    fmt::format("{} resets, one {} bytes beyond the first, where no data had come: "
                                "they try sequence numbers",
                                scene.resets.size(), seq_distance(second.seq, first.seq))};
  }
  return std::nullopt;
}

std::optional<Observed> look_stale_sequence(const OriginScene& scene) {
  const auto next = next_expected(scene.before());
  if (!next || scene.effect != RstEffect::kIgnored) return std::nullopt;
  const std::int64_t behind = seq_distance(*next, scene.rst().seq);
  if (behind <= 0) return std::nullopt;
  return Observed{Confidence::kModerate,
                  fmt::format("its sequence number lies {} bytes behind what had arrived: the "
                              "sender did not know the client's last data",
                              behind)};
}

std::optional<Observed> look_idle_timer(const OriginScene& scene) {
  const Packet* last = scene.last_of_client();
  if (last == nullptr || scene.host.packets_lost > 0) return std::nullopt;
  const double idle = std::chrono::duration<double>(scene.rst().at - last->at).count();
  for (const int timer : kIdleTimers) {
    if (idle < timer * (1 - kTimerTolerance) || idle > timer * (1 + kTimerTolerance)) continue;
    return Observed{Confidence::kWeak,
                    fmt::format("{} after the client's last captured packet; {} s is a usual idle "
                                "timer, of devices and of clients",
                                to_text(scene.rst().at - last->at), timer)};
  }
  return std::nullopt;
}

std::optional<Observed> look_reply_of_client(const OriginScene& scene) {
  const auto cause = scene.earliest_cause();
  if (!cause || !scene.host.min_rtt || !scene.is_reply_form()) return std::nullopt;
  if (scene.distance.relation != Distance::Relation::kSame) return std::nullopt;
  if (scene.rst().at - *cause < *scene.host.min_rtt) return std::nullopt;
  return Observed{Confidence::kWeak,
                  fmt::format("ttl {} as the client's packets, the form of a reply, and a round "
                              "trip or more after its cause: consistent with the client's kernel",
                              scene.rst().ttl)};
}

}  // namespace connfate::witness

// SPDX-License-Identifier: Apache-2.0
#include "witness/wire/header_continuity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "witness/wire/client_baseline.hpp"
#include "witness/wire/sequence.hpp"

namespace connfate::witness {
namespace {

using Clients = std::vector<const Packet*>;

/// Steps of the IP identification that uncaptured acknowledgements explain.
constexpr int kSmallStep = 64;

/// The count of packets that arrived and the steps of the ids on the wire differ by those that were
/// lost, and by those that came behind the reset: by an eighth at most, and by no more than this.
constexpr int kMostMissing = 128;
constexpr int kFewest = 64;  ///< to compare a count with that may be off

/// A timestamp clock ticks 10 to 1000 times a second (RFC 7323, 5.4); the network adds jitter.
constexpr double kFastestTicksPerMs = 1.0;
constexpr double kJitterTicks = 100;
constexpr double kRateTolerance = 0.1;
constexpr double kRateSpanMs = 200;  ///< shorter, the rate of the clock cannot be measured

/// What the IP identification says.
enum class Ids : std::uint8_t {
  kMute,      ///< IPv6, or always 0
  kContinue,  ///< the next small step
  kBreak,
};

Clients clients_before(std::span<const Packet> packets, std::size_t index) {
  Clients clients;
  for (const Packet& p : packets.first(index)) {
    if (p.direction == Direction::kIn && !p.rst) clients.push_back(&p);
  }
  return clients;
}

double elapsed_ms(const Packet& from, const Packet& to) noexcept {
  return std::chrono::duration<double, std::milli>(to.at - from.at).count();
}

int id_step(const Packet& from, const Packet& to) noexcept {
  return static_cast<std::uint16_t>(*to.ip_id - *from.ip_id);
}

bool is_small_step(const Packet& from, const Packet& to) noexcept {
  const int step = id_step(from, to);
  return step >= 1 && step <= kSmallStep;
}

/// `most`: packets that the client can have sent between the two.
Ids ids_of(const Clients& clients, const Packet& rst, int most) noexcept {
  const auto is_mute = [](const Packet& p) { return p.ip_id.value_or(0) == 0; };
  const bool all_mute =
      is_mute(rst) && std::ranges::all_of(clients, [&](const Packet* p) { return is_mute(*p); });
  if (all_mute) return Ids::kMute;
  if (is_mute(rst) || clients.empty() || is_mute(*clients.back())) return Ids::kBreak;
  const int step = id_step(*clients.back(), rst);
  return step >= 1 && step <= most ? Ids::kContinue : Ids::kBreak;
}

/// The client's ids had been counting up, too: one fitting number alone may be chance.
bool ids_were_counting(const Clients& clients) noexcept {
  if (clients.size() < 2) return false;
  const auto counts = [](const Packet* a, const Packet* b) {
    return a->ip_id.value_or(0) != 0 && b->ip_id.value_or(0) != 0 && is_small_step(*a, *b);
  };
  return std::ranges::adjacent_find(clients, [&](const Packet* a, const Packet* b) {
           return !counts(a, b);
         }) == clients.end();
}

/// Ticks of the timestamp clock since the client's last packet, if they fit the time that passed.
std::optional<std::int64_t> fitting_ticks(const Clients& clients, const Packet& rst) noexcept {
  if (clients.empty() || !rst.timestamps || !clients.back()->timestamps) return std::nullopt;
  const Packet& first = *clients.front();
  const Packet& last = *clients.back();
  const std::int64_t ticks = seq_distance(rst.timestamps->value, last.timestamps->value);
  if (ticks < 0 || seq_before(rst.timestamps->echo, last.timestamps->echo)) return std::nullopt;

  const double waited = elapsed_ms(last, rst);
  double most = waited * kFastestTicksPerMs * (1 + kRateTolerance) + kJitterTicks;
  double least = 0;
  const double span = elapsed_ms(first, last);
  if (first.timestamps && span >= kRateSpanMs) {
    const auto counted = seq_distance(last.timestamps->value, first.timestamps->value);
    const double expected = waited * static_cast<double>(counted) / span;
    most = expected * (1 + kRateTolerance) + kJitterTicks;
    least = expected * (1 - kRateTolerance) - kJitterTicks;
  }
  const auto value = static_cast<double>(ticks);
  if (value < least || value > most) return std::nullopt;
  return ticks;
}

/// A kernel that resets its own connection sends the timestamps along.
bool lacks_timestamps(const Clients& clients, const Packet& rst) noexcept {
  return !rst.timestamps && !clients.empty() && clients.back()->timestamps;
}

/// How far the steps of the id may be from the count of packets.
int most_missing(std::uint32_t counted) noexcept {
  return std::min(static_cast<int>(std::min<std::uint32_t>(counted, 1U << 16) / 8), kMostMissing);
}

/// Measured on Linux clients without exception: the ids of the SYN and of a RST with ACK lie as far
/// apart as the client has sent packets between. This host counts those that arrived; in long
/// downloads the two differ a little.
HeaderContinuity by_segment_count(std::span<const Packet> before, const Packet& rst,
                                  const HostFacts& host) {
  const Packet* syn = nullptr;  // the latest: the one that the connection came from
  for (const Packet& p : before) {
    if (p.syn && p.direction == Direction::kIn) syn = &p;
  }
  if (syn == nullptr || host.segments_in.value_or(0) < 2 || !rst.ack) return {};
  if (rst.ip_id.value_or(0) == 0 || !syn->ip_id) return {};
  const std::uint32_t counted = *host.segments_in - 1;
  const auto off = static_cast<std::int16_t>(id_step(*syn, rst) - static_cast<int>(counted));
  if (off == 0) {
    return {Confidence::kStrong,
            fmt::format("IP id {} after the SYN's {}: one more for each of the {} packets that "
                        "arrived in between and the reset",
                        *rst.ip_id, *syn->ip_id, counted)};
  }
  if (static_cast<int>(counted) < kFewest || std::abs(int{off}) > most_missing(counted)) return {};
  return {Confidence::kModerate,
          fmt::format("IP id {} after the SYN's {}: about one more for each of the {} packets that "
                      "arrived in between",
                      *rst.ip_id, *syn->ip_id, counted)};
}

HeaderContinuity by_timestamps(const Clients& clients, const Packet& rst, const HostFacts& host) {
  const auto ticks = fitting_ticks(clients, rst);
  const auto arrived =
      static_cast<int>(std::min<std::uint32_t>(host.segments_in.value_or(0), 4096));
  const Ids ids = ids_of(clients, rst, kSmallStep + arrived);
  // Without ids the clock must have moved: timestamps that stand still can be copied.
  if (!ticks || ids == Ids::kBreak || (ids == Ids::kMute && *ticks == 0)) return {};
  std::string text =
      fmt::format("its timestamp clock continues the client's own, {} ticks on", *ticks);
  if (ids == Ids::kContinue) {
    text += fmt::format(", and IP id {} follows {}", *rst.ip_id, *clients.back()->ip_id);
  }
  return {Confidence::kStrong, text};
}

HeaderContinuity by_ids(const Clients& clients, const Packet& rst) {
  const bool uses_timestamps = rst.timestamps || std::ranges::any_of(clients, [](const Packet* p) {
                                 return p->timestamps.has_value();
                               });
  if (uses_timestamps || !ids_were_counting(clients)) return {};
  if (ids_of(clients, rst, kSmallStep) != Ids::kContinue) return {};
  return {Confidence::kModerate,
          fmt::format("IP id {} follows the client's {}, which had been counting up", *rst.ip_id,
                      *clients.back()->ip_id)};
}

}  // namespace

HeaderContinuity header_continuity(std::span<const Packet> packets, std::size_t index,
                                   const HostFacts& host) {
  const Packet& rst = packets[index];
  if (!rst.ack) return {};  // the stateless form has nothing to continue
  const Clients clients = clients_before(packets, index);
  if (lacks_timestamps(clients, rst)) return {};
  auto counted = by_segment_count(packets.first(index), rst, host);
  if (counted.confidence == Confidence::kStrong) return counted;
  if (auto found = by_timestamps(clients, rst, host); !found.statement.empty()) return found;
  if (!counted.statement.empty()) return counted;
  return by_ids(clients, rst);
}

bool continues_client_header(std::span<const Packet> packets, std::size_t index) {
  const ClientBaseline baseline(packets.first(index), HostFacts{});
  return baseline.distance_of(packets[index].ttl).relation == Distance::Relation::kSame &&
         header_continuity(packets, index, HostFacts{}).confidence == Confidence::kStrong;
}

}  // namespace connfate::witness

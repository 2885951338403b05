// SPDX-License-Identifier: Apache-2.0
#include "witness/wire/client_baseline.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace connfate::witness {
namespace {

/// Near a usual initial TTL one hop more or less changes which one fits: 65 and 64 are one apart,
/// not 63 hops against none. The smaller of the two differences is the careful one.
int difference(std::uint8_t a, std::uint8_t b) noexcept {
  return std::min(std::abs(hops(a) - hops(b)), std::abs(int{a} - int{b}));
}

Distance::Relation relation_of(std::uint8_t ttl, std::uint8_t client_ttl) noexcept {
  using Relation = Distance::Relation;
  if (ttl == client_ttl) return Relation::kSame;
  switch (difference(ttl, client_ttl)) {
    case 0: return Relation::kOtherInitialTtl;
    case 1: return Relation::kOneHop;
    default: return Relation::kFar;
  }
}

}  // namespace

int initial_ttl(std::uint8_t ttl) noexcept {
  for (const int initial : {32, 64, 128}) {
    if (ttl <= initial) return initial;
  }
  return 255;
}

int hops(std::uint8_t ttl) noexcept {
  return initial_ttl(ttl) - ttl;
}

ClientBaseline::ClientBaseline(std::span<const Packet> packets, const HostFacts& host) {
  if (host.handshake_ttl) ttls_.push_back({*host.handshake_ttl, true});
  for (const Packet& p : packets) {
    if (p.direction == Direction::kOut || p.rst) continue;
    ttls_.push_back({p.ttl, p.syn});
    handshake_only_ = handshake_only_ && p.syn;
  }
}

Distance ClientBaseline::distance_of(std::uint8_t ttl) const noexcept {
  const Sample* nearest = nullptr;
  for (const Sample& sample : ttls_) {
    const auto key = [ttl](const Sample& s) {
      return std::pair(relation_of(ttl, s.ttl), difference(ttl, s.ttl));
    };
    if (nearest == nullptr || key(sample) <= key(*nearest)) nearest = &sample;
  }
  if (nearest == nullptr) return {};
  return {relation_of(ttl, nearest->ttl), ttl, nearest->ttl, nearest->handshake};
}

}  // namespace connfate::witness

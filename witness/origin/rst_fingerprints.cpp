// SPDX-License-Identifier: Apache-2.0
#include "witness/origin/rst_fingerprints.hpp"

#include <algorithm>
#include <set>

#include "witness/attribution/client_prefix.hpp"
#include "witness/wire/client_baseline.hpp"

namespace connfate::witness {
namespace {

constexpr std::size_t kResets = 5;
constexpr std::size_t kPrefixes = 3;
constexpr int kHopsApart = 2;

/// What one device does in one day need not be what it does the next.
constexpr Duration kMemory = std::chrono::hours(1);

std::uint64_t fingerprint_of(const Packet& rst) noexcept {
  const std::uint64_t form = (rst.ack ? 2U : 0U) | (rst.flow.remote.is_ipv4() ? 1U : 0U);
  return std::uint64_t{rst.ttl} << 32 | form << 16 | rst.window;
}

}  // namespace

bool RstFingerprints::is_one_device(const WireHistory& history, std::size_t reset) {
  const auto& packets = history.packets();
  const Packet* rst = &packets[reset];
  const Distance distance = ClientBaseline(packets, HostFacts{}).distance_of(rst->ttl);
  using Relation = Distance::Relation;
  if (distance.relation != Relation::kFar && distance.relation != Relation::kOneHop) return false;

  Samples& samples = seen_[fingerprint_of(*rst)];
  std::erase_if(samples, [&rst](const Sample& s) {
    return s.at + kMemory < rst->at || (s.flow == rst->flow && s.at == rst->at);
  });
  samples.push_back({rst->flow, rst->at, hops(distance.client_ttl)});
  if (samples.size() > kSamples) samples.pop_front();

  std::set<ClientPrefix> prefixes;
  for (const Sample& s : samples) prefixes.insert(ClientPrefix::of(s.flow.remote));
  const auto [nearest, farthest] =
      std::ranges::minmax(samples, std::ranges::less{}, &Sample::client_hops);
  const bool one_device = samples.size() >= kResets && prefixes.size() >= kPrefixes &&
                          farthest.client_hops - nearest.client_hops >= kHopsApart;
  if (seen_.size() > kCapacity) forget_oldest();
  return one_device;
}

void RstFingerprints::forget_oldest() {
  const auto oldest = std::ranges::min_element(
      seen_, [](const auto& a, const auto& b) { return a.second.back().at < b.second.back().at; });
  seen_.erase(oldest);
}

}  // namespace connfate::witness

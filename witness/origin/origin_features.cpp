// SPDX-License-Identifier: Apache-2.0
// The table of rules, in the order of the evidence model. The looks themselves are grouped by what
// they rest on: looks_at_state.cpp, looks_at_distance.cpp, looks_at_header.cpp.
#include "witness/origin/origin_features.hpp"

#include <array>

#include "witness/origin/origin_looks.hpp"

namespace connfate::witness {
namespace {

constexpr Confidence kNone = Confidence::kNone;
constexpr Confidence kWeak = Confidence::kWeak;
constexpr Confidence kModerate = Confidence::kModerate;
constexpr Confidence kStrong = Confidence::kStrong;

constexpr std::array kRules{
    AttributionRule{
        "P1", kModerate,
        "After the reset the client sent data, or a FIN, beyond the reset's sequence number."},
    AttributionRule{
        "P2", kModerate,
        "The reset has the form of a reply, but came sooner than half a round trip to the "
        "client after the first packet that it can answer."},
    AttributionRule{"P3", kModerate,
                    "Resets to clients at different distances came with one TTL and one form."},
    AttributionRule{
        "P4", kModerate,
        "The reset has come no hop at all, and the client's own packets come from farther away."},
    AttributionRule{
        "P5", kModerate,
        "The reset has come a distance that differs from the client's by two hops or more."},
    AttributionRule{
        "P6", kNone,
        "The reset has come as many hops as the client's packets, from another initial TTL."},
    AttributionRule{"P7", kWeak,
                    "The reset has come one hop more or less than the client's packets."},
    AttributionRule{
        "P8", kModerate,
        "Another neighbour on the link, interface or VLAN handed the reset over than the "
        "client's packets."},
    AttributionRule{"P9", kModerate,
                    "Resets in a train try sequence numbers that nobody had reached."},
    AttributionRule{"P10", kModerate,
                    "Header fields of the reset are copies from another packet of the connection."},
    AttributionRule{"P11", kModerate,
                    "The reset's sequence number lies behind data that had already arrived."},
    AttributionRule{"P12", kWeak, "The reset carries a text; nothing vouches for it."},
    AttributionRule{
        "P13", kWeak,
        "The reset came after the client had been silent for as long as a usual idle timer."},
    AttributionRule{"P14", kNone,
                    "Traits that many genuine resets show as well: never counted, only listed."},
    AttributionRule{"N1", kStrong,
                    "The reset's header goes on where the client's own packets left off."},
    AttributionRule{
        "N2", kWeak,
        "The reset has the form, the TTL and the timing of a reply of the client's kernel."},
};

struct Look {
  Family family;
  bool corroborates;
  std::optional<Observed> (*look)(const OriginScene&);
};

constexpr std::array<Look, kRules.size()> kLooks{{
    {Family::kState, true, look_client_went_on},
    {Family::kTime, true, look_too_soon},
    {Family::kDistance, true, look_one_device},
    {Family::kDistance, true, look_adjacent},
    {Family::kDistance, true, look_distance},
    {Family::kContext, false, look_other_initial_ttl},
    {Family::kDistance, true, look_one_hop},
    {Family::kLink, true, look_other_neighbour},
    {Family::kState, true, look_sequence_probing},
    {Family::kCopied, true, look_copied_fields},
    {Family::kState, true, look_stale_sequence},
    {Family::kDeclared, false, look_text},
    {Family::kTime, false, look_idle_timer},
    {Family::kContext, false, look_common_traits},
    {Family::kClient, false, look_continuity},
    {Family::kClient, false, look_reply_of_client},
}};

}  // namespace

std::span<const AttributionRule> origin_rules() noexcept {
  return kRules;
}

std::vector<Feature> find_features(const OriginScene& scene) {
  std::vector<Feature> features;
  for (std::size_t i = 0; i < kRules.size(); ++i) {
    const auto observed = kLooks[i].look(scene);
    if (!observed) continue;
    features.push_back({&kRules[i], kLooks[i].family, observed->weight,
                        kLooks[i].corroborates && observed->corroborates, observed->statement});
  }
  return features;
}

}  // namespace connfate::witness

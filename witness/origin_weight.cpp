// SPDX-License-Identifier: Apache-2.0
#include "witness/origin_weight.hpp"

#include <algorithm>

namespace connfate::witness {
namespace {

constexpr std::string_view kDeviceBetween =
    "consistent with a device between the client and this host; not proof";
constexpr std::string_view kOtherSender =
    "consistent with another sender than the client's TCP, such as a device on the path; not proof";

bool is_state_or_time(Family family) noexcept {
  return family == Family::kState || family == Family::kTime;
}

bool is_strong_pair(const Finding& a, const Finding& b) noexcept {
  return is_state_or_time(a.family) && a.corroborates && a.weight >= Confidence::kModerate &&
         b.corroborates && b.weight >= Confidence::kWeak && a.family != b.family;
}

}  // namespace

Weight weigh(const std::vector<Finding>& findings) noexcept {
  Weight weight;
  for (const Finding& a : findings) {
    Confidence& side = a.family == Family::kClient ? weight.client : weight.path;
    side = std::max(side, a.weight);
    const bool strong =
        std::ranges::any_of(findings, [&a](const Finding& b) { return is_strong_pair(a, b); });
    if (strong) weight.path = Confidence::kStrong;
  }
  return weight;
}

void name_sender(Attribution& a, const OriginScene& scene, const Weight& weight) {
  constexpr Confidence kModerate = Confidence::kModerate;
  a.rst_from = RstFrom::kUnknown;
  if (weight.path >= kModerate && weight.client >= kModerate) {
    a.evidence.emplace_back("the evidence contradicts itself: nobody is named");
  } else if (weight.path >= kModerate) {
    a.rst_from = RstFrom::kPath;
    a.confidence = weight.path;
    const bool farther =
        scene.distance.relation == Distance::Relation::kFar && !scene.distance.is_nearer();
    a.evidence.emplace_back(farther ? kOtherSender : kDeviceBetween);
  } else if (weight.client >= kModerate) {
    a.rst_from = RstFrom::kClient;
    // One hop more or less is no contradiction, but it is not the best case either.
    a.confidence = weight.path == Confidence::kNone ? weight.client : kModerate;
    a.evidence.emplace_back("consistent with the TCP at the client's address");
  } else {
    a.confidence = std::max(weight.path, weight.client);
  }
}

}  // namespace connfate::witness

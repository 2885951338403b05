// SPDX-License-Identifier: Apache-2.0
#include "witness/origin/origin_weight.hpp"

#include <algorithm>

namespace connfate::witness {
namespace {

constexpr std::string_view kDeviceBetween =
    "consistent with a device between the client and this host; not proof";
constexpr std::string_view kOtherSender =
    "consistent with another sender than the client's TCP, such as a device on the path; not proof";

constexpr std::string_view kLivedOn =
    "the client's own connection lived on: a device between sent the reset, or the client's kernel "
    "did for an address that it does not know, as where a translation failed; not proof";

/// A kernel has this form for connections that it does not know. That the client's connection lives
/// on does not exclude it: between two other addresses the segment may have been a stranger.
bool may_be_reply_to_stranger(const OriginScene& scene) noexcept {
  return scene.is_reply_form() && scene.distance.relation == Distance::Relation::kSame;
}

bool is_state_or_time(Family family) noexcept {
  return family == Family::kState || family == Family::kTime;
}

bool is_strong_pair(const Feature& a, const Feature& b) noexcept {
  return is_state_or_time(a.family) && a.corroborates && a.weight >= Confidence::kModerate &&
         b.corroborates && b.weight >= Confidence::kWeak && a.family != b.family;
}

/// A header that goes on where the client's left off can be copied by whoever sees its packets:
/// against two kinds of evidence that disagree it does not stand.
bool speaks_for_path(const Feature& f) noexcept {
  return f.family != Family::kClient && f.weight >= Confidence::kModerate;
}

}  // namespace

Weight weigh(const std::vector<Feature>& features) noexcept {
  Weight weight;
  for (const Feature& a : features) {
    Confidence& side = a.family == Family::kClient ? weight.client : weight.path;
    side = std::max(side, a.weight);
    const bool strong =
        std::ranges::any_of(features, [&a](const Feature& b) { return is_strong_pair(a, b); });
    if (strong) weight.path = Confidence::kStrong;
  }
  weight.several_families = std::ranges::any_of(features, [&features](const Feature& a) {
    return speaks_for_path(a) && std::ranges::any_of(features, [&a](const Feature& b) {
             return speaks_for_path(b) && b.family != a.family;
           });
  });
  weight.only_went_on =
      weight.path == Confidence::kModerate && std::ranges::none_of(features, [](const Feature& f) {
        return f.family != Family::kClient && f.rule->id != "P1" &&
               f.weight >= Confidence::kModerate;
      });
  return weight;
}

void name_sender(Attribution& a, const OriginScene& scene, const Weight& weight) {
  constexpr Confidence kModerate = Confidence::kModerate;
  a.rst_from = RstFrom::kUnknown;
  const bool disagree = weight.path >= kModerate && weight.client >= kModerate;
  if (disagree && weight.several_families && weight.client < Confidence::kStrong) {
    a.rst_from = RstFrom::kPath;
    a.confidence = kModerate;
    a.evidence.emplace_back(kDeviceBetween);
  } else if (disagree) {
    a.evidence.emplace_back("the evidence contradicts itself: nobody is named");
  } else if (weight.only_went_on && may_be_reply_to_stranger(scene)) {
    a.client_went_on = true;
    a.confidence = weight.path;
    a.evidence.emplace_back(kLivedOn);
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

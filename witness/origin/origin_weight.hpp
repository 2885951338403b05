// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides what the features of a RST weigh together, and whom they name. Used by rst_origin.cpp.

#include <vector>

#include "witness/attribution/attribution.hpp"
#include "witness/origin/origin_features.hpp"

namespace connfate::witness {

struct Weight {
  Confidence path = Confidence::kNone;    ///< another sender than the client's TCP
  Confidence client = Confidence::kNone;  ///< the client's TCP
  bool several_families = false;          ///< behind `path`, each of moderate weight
  bool only_went_on = false;              ///< `path` rests on nothing but P1
};

/// Strong takes two families, one of them of state or time.
Weight weigh(const std::vector<Feature>& features) noexcept;

/// Sets rst_from and confidence, and says in which words. Where both sides have weight, and where
/// there is only weak evidence, nobody is named.
void name_sender(Attribution& attribution, const OriginScene& scene, const Weight& weight);

}  // namespace connfate::witness

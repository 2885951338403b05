// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the rules about the origin of a RST: each looks at one feature and, where it applies,
// makes a statement with its figures. What they weigh together is decided in rst_origin.cpp.

#include <string>
#include <vector>

#include "witness/origin/origin_scene.hpp"
#include "witness/origin/rst_origin.hpp"

namespace connfate::witness {

/// What a feature rests on: two of the same family are one witness, not two.
enum class Family : std::uint8_t {
  kState,     ///< what the sender knew of the connection
  kTime,      ///< when it can have been sent
  kDistance,  ///< the hops that it has come
  kLink,      ///< the neighbour that handed it over
  kCopied,    ///< header fields taken from another packet
  kDeclared,  ///< what it says of itself
  kClient,    ///< speaks for the client's own TCP
  kContext,   ///< speaks for nobody
};

struct Feature {
  const AttributionRule* rule = nullptr;
  Family family = Family::kContext;
  Confidence weight = Confidence::kNone;  ///< here; at most the rule's own
  bool corroborates = false;              ///< may be the second witness that makes another strong
  std::string statement;
};

/// Every rule that applies, in the order of origin_rules().
std::vector<Feature> find_features(const OriginScene& scene);

}  // namespace connfate::witness

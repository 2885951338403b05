// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Impairment: how badly one direction of a cable carries frames. What befalls single
// connections by intent is a Rule (rule.hpp).

#include <chrono>
#include <cstdint>

namespace connfate::lab {

struct Impairment {
  std::chrono::microseconds delay{0};   ///< of every frame, one way
  std::chrono::microseconds jitter{0};  ///< 0 to this much more; never overtakes by itself
  double loss = 0;                      ///< probabilities, from 0 to 1
  double duplicate = 0;
  double reorder = 0;  ///< of being held back while others overtake, by:
  std::chrono::microseconds held_back{0};
  /// All but the delay befalls TCP segments only, of connections of client ports from this one on.
  std::uint16_t from_client_port = 0;
  std::uint64_t seed = 1;  ///< the same seed and the same frames: the same fate
};

}  // namespace connfate::lab

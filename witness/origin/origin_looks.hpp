// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the looks behind the rules of origin_features.cpp: one function for each, which answers
// nullopt where the rule does not apply. Private to the origin_*.cpp files.

#include <optional>
#include <string>

#include "witness/attribution/attribution.hpp"
#include "witness/origin/origin_scene.hpp"

namespace connfate::witness {

struct Observed {
  Confidence weight = Confidence::kNone;
  std::string statement;
  bool corroborates = true;
};

// What the sender knew of the connection, and when it can have sent: origin_state.cpp.
std::optional<Observed> look_client_went_on(const OriginScene& scene);    // P1
std::optional<Observed> look_too_soon(const OriginScene& scene);          // P2
std::optional<Observed> look_sequence_probing(const OriginScene& scene);  // P9
std::optional<Observed> look_stale_sequence(const OriginScene& scene);    // P11
std::optional<Observed> look_idle_timer(const OriginScene& scene);        // P13
std::optional<Observed> look_reply_of_client(const OriginScene& scene);   // N2

// Where it came from: origin_distance.cpp.
std::optional<Observed> look_one_device(const OriginScene& scene);         // P3
std::optional<Observed> look_adjacent(const OriginScene& scene);           // P4
std::optional<Observed> look_distance(const OriginScene& scene);           // P5
std::optional<Observed> look_other_initial_ttl(const OriginScene& scene);  // P6
std::optional<Observed> look_one_hop(const OriginScene& scene);            // P7
std::optional<Observed> look_other_neighbour(const OriginScene& scene);    // P8

// What its header looks like: origin_header.cpp.
std::optional<Observed> look_copied_fields(const OriginScene& scene);  // P10
std::optional<Observed> look_text(const OriginScene& scene);           // P12
std::optional<Observed> look_common_traits(const OriginScene& scene);  // P14
std::optional<Observed> look_continuity(const OriginScene& scene);     // N1

}  // namespace connfate::witness

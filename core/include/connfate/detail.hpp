// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Detail, how much of a response is logged, and which responses are healthy. Used by the
// bundle and by the JSON line: a healthy response needs a tenth of the line, and one in trouble all
// of it.

#include <cstdint>
#include <optional>
#include <string_view>

#include "connfate/observation.hpp"

namespace connfate {

enum class Detail : std::uint8_t {
  kFull,     ///< every known field of every response
  kTrouble,  ///< every known field of what is not healthy, the short form of the rest
};

/// "full" or "trouble", in any case; nullopt for another word.
std::optional<Detail> parse_detail(std::string_view word) noexcept;

/// Delivered or pending, with nothing repeated, nothing refused, no error and no RST; while it is
/// pending, on a connection that is open.
bool is_healthy(const Observation& observation) noexcept;

}  // namespace connfate

// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides what docs/fates.md says about one fate, taken apart. Used by the topics of fates and
// rules, by the messages, and by the story of a connection.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connfate/fate.hpp"

namespace connfate::cli {

struct FatePage {
  std::string meaning;
  std::string evidence;
  std::vector<std::string> not_said;  ///< what the fate does not say
  std::vector<std::string> notes;
  std::string elsewhere;  ///< in HAProxy, Envoy, nginx, httpd
  std::string next;       ///< what to do
};

FatePage read_fate_page(Fate fate);

/// The token's fate.
std::optional<Fate> parse_fate(std::string_view token) noexcept;

}  // namespace connfate::cli

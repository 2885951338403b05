// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides how figures are written in the statements of evidence. Used by origin, silence and
// lines, so that the same figure reads the same everywhere.

#include <string>

#include "connfate/endpoint.hpp"
#include "witness/instant.hpp"

namespace connfate::witness {

/// "0.1 ms", "38 ms", "15.3 s": as many digits as a reader can use. Negative ones as "0.0 ms".
std::string to_text(Duration duration);

/// The address without the port.
std::string to_text(const Endpoint& endpoint);

}  // namespace connfate::witness

// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the witness's --check: opens what the real start would open, changes nothing that lasts,
// and says what would run and what is missing. Used by main; the process ends afterwards, because
// the privileges are gone.

#include <ostream>

#include "witness/daemon/options.hpp"

namespace connfate::witness {

/// True when a start with these options would succeed, evidence missing or not.
bool self_check(const Options& options, std::ostream& out);

}  // namespace connfate::witness

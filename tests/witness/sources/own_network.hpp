// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides a network namespace for the calling process: only there does nobody else's connection
// end, so that events can be counted exactly.

#include <optional>
#include <string>

namespace connfate::witness::fixture {

/// Moves the process into a namespace of its own with lo up, once; later calls do nothing. Returns
/// why that is not possible, or nullopt.
std::optional<std::string> enter_own_network();

/// Gives lo the IPv6 address fe80::1. Throws std::system_error.
void add_link_local_address();

}  // namespace connfate::witness::fixture

/// In a test or in SetUp(): skips, with the reason, where there can be no namespace.
#define CONNFATE_NEEDS_OWN_NETWORK() \
  if (const auto reason = ::connfate::witness::fixture::enter_own_network()) GTEST_SKIP() << *reason

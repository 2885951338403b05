// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Unknown: what a firewall does with packets of TCP connections that its table does not
// hold, because it never saw their beginning or has forgotten them.

#include <cstdint>

namespace connfate::lab {

enum class Unknown : std::uint8_t {
  kPass,
  kDrop,
  kReset,     ///< dropped, and a RST goes to the sender
  kProhibit,  ///< dropped, and the sender is told by ICMP that it is prohibited
  kReject,    ///< dropped, and the sender is told "port unreachable"
};

}  // namespace connfate::lab

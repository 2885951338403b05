// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides what the process may do, and the way to give it up: whatever needs a privilege is opened
// first, then all of them are dropped for good. Used at the start and by the self-check.

#include <optional>

#include "witness/process/account.hpp"

namespace connfate::witness {

struct Privileges {
  bool capture = false;        ///< CAP_NET_RAW: packets
  bool large_buffers = false;  ///< CAP_NET_ADMIN: receive buffers beyond net.core.rmem_max
  bool change_user = false;    ///< CAP_SETUID and CAP_SETGID
};

Privileges held_privileges() noexcept;

/// Becomes `account` (nullopt: stays who it is), without groups, capabilities, or any way to get
/// some. Throws std::runtime_error when something was not given up; the caller must not go on.
void drop_privileges(const std::optional<Account>& account);

}  // namespace connfate::witness

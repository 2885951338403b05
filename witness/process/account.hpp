// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides accounts by name: whom the witness becomes, and whose reports it takes. Used by the
// options and by the privileges.

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace connfate::witness {

struct Account {
  std::string name;
  uid_t uid = 0;
  gid_t gid = 0;
};

/// nullopt when the host has no such user.
std::optional<Account> find_account(const std::string& name);

/// The user of a number or a name; nullopt for a name that the host does not have.
std::optional<uid_t> find_uid(const std::string& text);

/// Whom the process becomes after its start: `user` if one is named (it exists); else, when started
/// as root, `connfate` where the host has it, or `nobody`. nullopt: it stays who it is.
std::optional<Account> account_to_become(const std::string& user);

/// root, `own`, and the users that the distributions run web servers as.
std::vector<uid_t> default_senders(uid_t own);

}  // namespace connfate::witness

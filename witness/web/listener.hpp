// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the socket that the web server accepts from, and the token that readers must have. Both
// are opened first, while the witness still has its privileges. Used by main.

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>

#include "witness/process/account.hpp"
#include "witness/process/descriptor.hpp"
#include "witness/web/web_address.hpp"

namespace connfate::witness {

/// Listens there. A unix socket has the mode 0660 and belongs to `owner`, if there is one; the file
/// of a witness that died is replaced. Throws std::runtime_error that says what to do.
Descriptor listen_at(const WebAddress& address, const std::optional<Account>& owner);

/// The file's text without white space around it. Throws std::runtime_error when it cannot be read,
/// when everybody may read it, and when the token is shorter than 16 characters.
std::string read_token(const std::filesystem::path& file);

}  // namespace connfate::witness

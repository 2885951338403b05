// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the filling of a server's configuration: the text has placeholders like @DIRECTORY@.
// Failure: throws std::logic_error when a placeholder is left without a value.

#include <map>
#include <string>
#include <string_view>

namespace connfate::harness {

/// Values by placeholder name, without the @ signs.
using Placeholders = std::map<std::string, std::string, std::less<>>;

std::string fill_in(std::string_view text, const Placeholders& values);

}  // namespace connfate::harness

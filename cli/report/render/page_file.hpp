// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides write_page(): a text into a file as a whole, so that a page that is rewritten by
// --follow is never seen half. What is no regular file (a pipe, /dev/stdout) is written to
// directly.

#include <filesystem>
#include <string_view>
#include <system_error>

namespace connfate::cli::report {

/// What went wrong; false when nothing did.
std::error_code write_page(const std::filesystem::path& file, std::string_view text);

}  // namespace connfate::cli::report

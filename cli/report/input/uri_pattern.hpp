// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides path_of() and pattern_of(): the uri without its query, and with figures and ids replaced
// by '*', so that /user/17/photo and /user/18/photo are counted together. Used by aggregate.

#include <string>
#include <string_view>

namespace connfate::cli::report {

inline constexpr std::size_t kLongestPath = 256;

std::string_view path_of(std::string_view uri) noexcept;

/// A segment of digits only, or of at least 16 hex digits and dashes, becomes '*'. Written into
/// `scratch` when something was replaced.
std::string_view pattern_of(std::string_view uri, std::string& scratch);

}  // namespace connfate::cli::report

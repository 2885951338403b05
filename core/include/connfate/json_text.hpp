// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides how a text is spelled in JSON: between quotes, in printable ASCII alone. Used where
// lines are written that people put on a terminal and engines load. Surprising: everything else, a
// valid letter of another script too, becomes \uXXXX, so that no control, bidirectional or
// line-separating character of a stranger is ever in a log as it is; a byte that is no UTF-8
// becomes U+FFFD.

#include <cstddef>
#include <string_view>

#include "connfate/char_writer.hpp"

namespace connfate {

/// The most bytes that one byte of a text becomes.
inline constexpr std::size_t kJsonGrowth = 6;

void write_json_text(std::string_view text, CharWriter& out) noexcept;

}  // namespace connfate

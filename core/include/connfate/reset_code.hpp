// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the names of HTTP/2 error codes (RFC 9113, section 7), as the frames RST_STREAM and
// GOAWAY carry them.
// Used by the field `reset_code`.

#include <cstdint>

#include "connfate/char_writer.hpp"

namespace connfate {

/// "CANCEL"; a code without a name as "0x2a".
void write_reset_code(std::uint32_t code, CharWriter& out) noexcept;

}  // namespace connfate

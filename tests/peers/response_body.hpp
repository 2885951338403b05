// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the way over an HTTP/1.1 response body without keeping it.
// Used by Client. Reads not a byte more than the body, unless it lasts until the connection ends.
// Failure: std::runtime_error when the next byte takes longer than the timeout.

#include <chrono>
#include <cstdint>
#include <string_view>

#include "peers/connection.hpp"

namespace connfate::peers {

struct BodyCount {
  std::uint64_t bytes = 0;
  bool complete = false;
};

/// The body that follows `head`, which decides about its framing (RFC 9112, section 6.3).
BodyCount skip_body(Connection& connection, std::string_view head,
                    std::chrono::milliseconds timeout);

/// `limit` bytes, or fewer at the end of the stream.
std::uint64_t skip_bytes(Connection& connection, std::uint64_t limit,
                         std::chrono::milliseconds timeout);

}  // namespace connfate::peers

// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the head of an HTTP/1.1 message: the lines up to and including the empty one.
// Used by Client for responses and by the backend for requests.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "peers/connection.hpp"

namespace connfate::peers {

/// Byte by byte, so that the body stays in the socket. Shorter when the stream ended within.
/// Throws std::runtime_error when a byte takes longer than `timeout`, or after 64 KiB.
std::string read_head(Connection& connection, std::chrono::milliseconds timeout);

/// As read_head(), for one line, its end included.
std::string read_line(Connection& connection, std::chrono::milliseconds timeout);

/// The field's value without surrounding blanks; names compare without case. nullopt: absent.
std::optional<std::string> header(std::string_view head, std::string_view name);

/// 0 when the first line is not a status line.
int status_of(std::string_view head);

/// Content-Length; nullopt when absent or not a number.
std::optional<std::uint64_t> content_length(std::string_view head);

bool equal_without_case(std::string_view left, std::string_view right);

}  // namespace connfate::peers

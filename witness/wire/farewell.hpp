// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides is_farewell(): what a client says when it goes, and no request. Used by packet.cpp, so
// that a goodbye is not taken for a request that this host left unanswered.

#include <cstddef>
#include <span>

namespace connfate::witness {

/// TLS alerts, an HTTP/2 GOAWAY, or both, by type and size, to the last byte of `payload`.
bool is_farewell(std::span<const std::byte> payload) noexcept;

}  // namespace connfate::witness

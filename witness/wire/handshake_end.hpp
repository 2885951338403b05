// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides ends_handshake(): the last words of a client in a TLS handshake, behind which a request
// would begin. Used by packet.cpp, so that a connection that was opened in advance and never used
// is not taken for a request that nobody answered.

#include <cstddef>
#include <span>

namespace connfate::witness {

/// ChangeCipherSpec and Finished, by type and size, are the end of `payload`, and before them are
/// only records of the handshake.
bool ends_handshake(std::span<const std::byte> payload) noexcept;

}  // namespace connfate::witness

// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides what a finished line says besides its verdict: whether anything of a response was lost,
// and what a client that left had waited for. Used by the line maker.

#include "witness/lines/final_line.hpp"
#include "witness/sockets/socket_record.hpp"

namespace connfate::witness {

/// Nothing of a response was lost: all arrived, or the client had not asked for anything.
/// `socket` may be nullptr for a response.
bool lost_nothing(const FinalLine& line, const SocketRecord* socket) noexcept;

/// A client that left may have waited for what did not come: that belongs on its line, whoever
/// ended it.
void add_wait_evidence(FinalLine& line, const SocketRecord* socket);

}  // namespace connfate::witness

// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the way to connfate-witness: the socket of a configuration, and sending a report.

#include <string_view>

#include "connfate/witness_socket.hpp"
#include "server.hpp"

namespace connfate::apache {

/// Lives as long as the configuration; each child process uses its own copy.
WitnessSocket* make_witness(apr_pool_t* pool, std::string_view path) noexcept;

/// Sends the report now. Never blocks.
void tell(WitnessSocket& witness, Report& report) noexcept;

}  // namespace connfate::apache

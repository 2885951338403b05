// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the sending of reports: what connfate-witness is told about each logged request for
// which `ConnFate On` holds, once, at the beginning of the log phase.
// Surprising: the flow is that of the TCP connection, also for HTTP/2 streams and behind
// mod_remoteip: the socket's own addresses, which httpd learned at accept, without a system call.

#include <string_view>

#include "connfate/witness_socket.hpp"
#include "server.hpp"

namespace connfate::apache {

/// Lives as long as the configuration; each child process uses its own copy.
WitnessSocket* make_witness(apr_pool_t* pool, std::string_view path) noexcept;

/// In the log phase of a request. Does nothing without a witness, and for what is not TCP.
void report_to_witness(request_rec* r) noexcept;

}  // namespace connfate::apache

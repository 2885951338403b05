// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the report on each logged request for which `ConnFate On` holds, once, at the beginning
// of the log phase.
// Surprising: the flow is that of the TCP connection, also for HTTP/2 streams and behind
// mod_remoteip: the socket's own addresses, which httpd learned at accept, without a system call.

#include "request.hpp"

namespace connfate::apache {

/// In the log phase of a request. Does nothing without a witness, and for what is not TCP.
void report_to_witness(const Exchange& x) noexcept;

}  // namespace connfate::apache

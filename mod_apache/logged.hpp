// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides what httpd knows of a logged request, in core's words: for the report and for the JSON
// line, which tell the same.
// Surprising: the flow is that of the TCP connection, also for HTTP/2 streams and behind
// mod_remoteip: the socket's own addresses, which httpd learned at accept, without a system call.

#include "connfate/json_line.hpp"
#include "server.hpp"

namespace connfate::apache {

/// In the log phase of a request. Its texts live as long as the request.
LoggedRequest logged_request(request_rec* r) noexcept;

}  // namespace connfate::apache

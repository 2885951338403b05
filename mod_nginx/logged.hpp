// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides what nginx knows of a logged request, in core's words: for the report and for the JSON
// line, which tell the same.
// Surprising:
//  - The flow is that of the TCP connection. realip and PROXY protocol put another address into
//    c->sockaddr; the record of the connection kept the first one.
//  - Ids are told only if the configuration uses their variables: an id that nobody else logs or
//    sends joins nothing.

#include "connfate/json_line.hpp"
#include "server.hpp"

namespace connfate::nginx {

/// In the log phase of a main request. Its texts live as long as the request.
LoggedRequest logged_request(ngx_http_request_t* r) noexcept;

}  // namespace connfate::nginx

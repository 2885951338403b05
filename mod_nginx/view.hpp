// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the translation of nginx's own flags into connfate::ServerView, in one place and without
// side effects and without a system call.
// Surprising: most of nginx's flags mean several things. c->timedout is also set by `return 444`,
// c->error also by nginx itself, request_complete also for a body that the upstream cut short.

#include "connfate/server_view.hpp"
#include "request.hpp"
#include "server.hpp"
#include "socket/connection.hpp"

namespace connfate::nginx {

/// False for QUIC, unix-domain and other sockets without TCP_INFO.
bool has_tcp(ngx_http_request_t* r) noexcept;

/// The server's view of a main request, in its log phase or before.
ServerView view_of(const Exchange& x) noexcept;

}  // namespace connfate::nginx

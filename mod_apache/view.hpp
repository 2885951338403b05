// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the translation of httpd's own state into connfate::ServerView, in one place and without
// side effects.
// Surprising: c->aborted says less than its name. It stays 0 after read errors, and mod_http2 sets
// it for a moment on good responses; nothing here uses it.

#include "connection.hpp"
#include "connfate/server_view.hpp"
#include "request.hpp"
#include "server.hpp"

namespace connfate::apache {

/// False for unix-domain and other sockets without TCP_INFO.
bool has_tcp(request_rec* r) noexcept;

/// The server's view of a root request, in its log phase or before.
ServerView view_of(const Exchange& x) noexcept;

}  // namespace connfate::apache

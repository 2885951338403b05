// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the module's configuration: `ConnFate On|Off` for a server, and whether anything is on
// and any field is used at all.
// Surprising:
//  - A log format cannot refuse an unknown field by itself, because mod_log_config calls a handler
//    only when it logs. check_fields() therefore reads the configuration tree, so that
//    `apachectl -t` finds the mistake.
//  - Nothing of this lives in a static: a graceful restart reads the new configuration while old
//    children still serve with the old one.

#include "server.hpp"

namespace connfate::apache {

struct ServerConfig {
  int enabled;  ///< 1, 0, or -1 for "as the main server"
  bool active;  ///< set at the end of configuration: enabled somewhere, and some field is used
};

/// Whether the fate of this request's response may be logged.
bool is_enabled(const request_rec* r) noexcept;

/// Whether the connection needs to be watched at all.
bool is_active(const conn_rec* c) noexcept;

/// Looks at every log format. OK, or HTTP_INTERNAL_SERVER_ERROR after logging which directive names
/// a field that does not exist.
int check_fields(server_rec* main_server) noexcept;

/// Sets ServerConfig::active of every server. Returns its value.
bool settle(server_rec* main_server) noexcept;

/// "fate, by, phase, ...": for error messages.
const char* field_names(apr_pool_t* pool) noexcept;

}  // namespace connfate::apache

// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the module's configuration: `ConnFate On|Off` and `ConnFateDetail` for a place of a
// server, the witness, whose lines these are, and whether anything is on and anybody asks at all.
// Surprising:
//  - A log format cannot refuse an unknown field by itself, because mod_log_config calls a handler
//    only when it logs. check_fields() therefore reads the configuration tree, so that
//    `apachectl -t` finds the mistake.
//  - Nothing of this lives in a static: a graceful restart reads the new configuration while old
//    children still serve with the old one.

#include "connfate/detail.hpp"
#include "connfate/host_identity.hpp"
#include "connfate/witness_socket.hpp"
#include "server.hpp"

namespace connfate::apache {

/// Of a server, a <Location> or a <Directory>. -1: as what surrounds it.
struct PlaceConfig {
  int enabled;  ///< 1 or 0
  int detail;   ///< a Detail
};

struct ServerConfig {
  bool enabled_somewhere;  ///< `ConnFate On` stands in this server or a place of it
  /// Set at the end of configuration: enabled somewhere, and some field is used or a witness told.
  bool active;
  WitnessSocket* witness;    ///< the main server's; nullptr without `ConnFateWitness`
  const HostIdentity* host;  ///< the main server's; set at the end of configuration
};

/// Whether the fate of this request's response may be logged.
bool is_enabled(const request_rec* r) noexcept;

/// What `ConnFateDetail` says for this request.
Detail detail_of(const request_rec* r) noexcept;

/// Whose lines these are.
const HostIdentity& host_of(const conn_rec* c) noexcept;

/// Whether the connection needs to be watched at all.
bool is_active(const conn_rec* c) noexcept;

/// Whom to tell; nullptr for nobody.
WitnessSocket* witness_of(const conn_rec* c) noexcept;

/// Looks at every log format. OK, or HTTP_INTERNAL_SERVER_ERROR after logging which directive names
/// a field that does not exist.
int check_fields(server_rec* main_server) noexcept;

/// Sets ServerConfig::active, ::witness and ::host of every server. Returns the former's value.
bool settle(apr_pool_t* pool, server_rec* main_server) noexcept;

/// "fate, by, phase, ...": for error messages.
const char* field_names(apr_pool_t* pool) noexcept;

}  // namespace connfate::apache

// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the module's configuration: `connfate on|off` and `connfate_detail` for a location, and
// for the whole http block the witness, whose lines these are, whether anything is on and which
// variables the configuration uses.
// Surprising: nothing of this lives in a static. A reload reads the new configuration while the old
// workers still serve with the old one.

#include "connfate/detail.hpp"
#include "connfate/host_identity.hpp"
#include "server.hpp"

namespace connfate::nginx {

struct Witness;

struct MainConfig {
  bool enabled_somewhere;
  ngx_array_t used_variables;  ///< of ngx_uint_t: indexes of ours into r->variables
  ngx_int_t request_id;        ///< the index of $request_id, if it is used; else negative
  ngx_int_t trace_id;          ///< the same of $otel_trace_id
  HostIdentity host;
  bool node_is_set;
  Witness* witness;  ///< nullptr without `connfate_witness`
};

struct LocationConfig {
  ngx_flag_t enabled;
  ngx_uint_t detail;  ///< a Detail
};

MainConfig& main_config(ngx_conf_t* cf) noexcept;
const MainConfig& main_config(ngx_http_request_t* r) noexcept;

/// Whether `connfate on` holds where the request ended up.
bool is_enabled(ngx_http_request_t* r) noexcept;

/// What `connfate_detail` says there.
Detail detail_of(ngx_http_request_t* r) noexcept;

/// Finds which of our variables, and whether $request_id or $otel_trace_id, any log format, map or
/// header of this configuration uses. False when memory ran out.
bool collect_used_variables(ngx_conf_t* cf, MainConfig& config) noexcept;

}  // namespace connfate::nginx

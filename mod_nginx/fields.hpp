// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the variables: $connfate (the fate), $connfate_log (the bundle) and $connfate_<field>
// for every other field of core's table. A field that is not known is "not found", which nginx logs
// as "-".

#include "server.hpp"

namespace connfate::nginx {

/// Registers all of them. NGX_OK or NGX_ERROR.
ngx_int_t add_variables(ngx_conf_t* cf) noexcept;

}  // namespace connfate::nginx

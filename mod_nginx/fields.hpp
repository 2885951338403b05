// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the variables: $connfate (the fate), $connfate_log (the bundle), $connfate_json (the
// line as one object) and $connfate_<field> for every other field of core's table. A field that is
// not known is "not found", which nginx logs as "-".
// Surprising: none of them is in nginx's hash of variables. Thirty more names make nginx warn about
// the size of that hash on configurations that were fine without us. A format or a map finds them
// in the list of names; who asks by name while serving (lua, SSI) finds them by their prefix, which
// is added after the configuration was read: before, it would take over `set $connfate_mine`.

#include <string_view>

#include "server.hpp"

namespace connfate::nginx {

/// Registers all of them. NGX_OK or NGX_ERROR.
ngx_int_t add_variables(ngx_conf_t* cf) noexcept;

/// When the configuration has been read. NGX_OK or NGX_ERROR.
ngx_int_t add_prefix(ngx_cycle_t* cycle) noexcept;

/// Whether `name` is one of them. $connfate_mine of a user's `set` is not.
bool is_our_variable(std::string_view name) noexcept;

}  // namespace connfate::nginx

// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the fields to httpd's own languages:
//   %^CF              the bundle, in a log format
//   %{field}^CF       one field, in a log format
//   %{json}^CF        the line as one JSON object, in a log format
//   %{connfate:field} one field, in an expression (CustomLog expr=, Header, SetEnvIfExpr)
// A field that is not known is "-".

#include <string_view>

#include "server.hpp"

namespace connfate::apache {

inline constexpr std::string_view kJsonName = "json";

/// Registers the log format specifier, when mod_log_config is there. From pre_config.
void register_specifier(apr_pool_t* pool) noexcept;

/// The hook that resolves %{connfate:...}; an unknown field is an error of the configuration.
int lookup_in_expression(ap_expr_lookup_parms* parms);

}  // namespace connfate::apache

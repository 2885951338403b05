// SPDX-License-Identifier: Apache-2.0
#pragma once

// The only place where httpd's and APR's C headers enter C++.

extern "C" {
#include <httpd.h>
// httpd.h first: it sets the feature macros that every other header depends on.
#include <ap_config.h>
#include <ap_expr.h>
#include <apr_optional.h>
#include <apr_optional_hooks.h>
#include <apr_portable.h>
#include <apr_strings.h>
#include <http_config.h>
#include <http_connection.h>
#include <http_core.h>
#include <http_log.h>
#include <http_main.h>
#include <http_protocol.h>
#include <http_request.h>
#include <http_ssl.h>
#include <mod_http2.h>
#include <mod_log_config.h>
#include <util_cfgtree.h>
#include <util_filter.h>

extern module AP_MODULE_DECLARE_DATA connfate_module;  // module.c
}

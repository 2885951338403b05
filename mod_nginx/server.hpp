// SPDX-License-Identifier: Apache-2.0
#pragma once

// The only place where nginx's C headers enter C++.

extern "C" {
#include <ngx_config.h>
// ngx_config.h first: it sets the feature macros that every other header depends on.
#include <ngx_core.h>
#include <ngx_event.h>
#include <ngx_http.h>

extern ngx_module_t ngx_http_connfate_module;  // module.c
}

// SPDX-License-Identifier: Apache-2.0
#pragma once

// The only place where nginx's C headers of http{} enter C++.

#include "socket/server.hpp"

extern "C" {
#include <ngx_http.h>

extern ngx_module_t ngx_http_connfate_module;  // module.c
}

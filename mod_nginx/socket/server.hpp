// SPDX-License-Identifier: Apache-2.0
#pragma once

// The only place where nginx's C headers enter the C++ of this folder: what both http{} and
// stream{} have, connections and events.

extern "C" {
#include <ngx_config.h>
// ngx_config.h first: it sets the feature macros that every other header depends on.
#include <ngx_core.h>
#include <ngx_event.h>
}

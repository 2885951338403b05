// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the places where nginx calls us, in the order of a request's life:
//   POST_READ phase   the head has arrived: start the connection's record, install the tap
//   header filter     the same for error pages, which skip the phases
//   body filter       the end of the response enters the output chain (before nginx 1.25)
//   log, first        from here on one observation is shared by every field and the report
//   log, last         a response that nobody asked about still moves the stream
// Surprising: nothing at all is installed unless `connfate on` stands somewhere and there is a
// witness or some format, map or header uses a connfate variable.

#include "server.hpp"

namespace connfate::nginx {

/// Postconfiguration. NGX_OK or NGX_ERROR.
ngx_int_t install_hooks(ngx_conf_t* cf) noexcept;

}  // namespace connfate::nginx

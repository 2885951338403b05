// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the places where httpd calls us, in the order of a connection's life:
//   pre_connection        make the record, tap the reads
//   create_request        watch whether the answer goes out whole
//   post_read_request     the head has arrived: start the connection's record
//   insert_filter         HTTP/2: watch whether the handler has anything to send
//   insert_error_filter   another answer begins, perhaps in the middle of the first
//   log, first            from here on one observation is shared by every field and the report
//   log, last             a response that nobody asked about still moves the stream
// Surprising: connections are watched only if `ConnFate On` stands somewhere and there is a witness
// or some format or expression uses a field.

#include "server.hpp"

namespace connfate::apache {

void install_hooks(apr_pool_t* pool) noexcept;

}  // namespace connfate::apache

// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides parse_access_line(): a line of text from an access log, of any format. Our fields are
// found by the bundle; the request's words by their looks:
//
//   time       [24/Nov/2026:07:59:18 +0000], or ISO 8601 as a word of its own
//   request    a quoted text METHOD uri HTTP/x; behind it the status, then the bytes
//   client     an address among the first words; a name before it with a dot is the host
//   duration   behind the request a word d.ddd (nginx's $request_time)
//   and        request_id= host= server= request_time= duration_ms= duration_us=
//
// Used by the line parser. Surprising: a bundle in the middle of a quoted text was written by a
// client, and is not taken.

#include "cli/log/record.hpp"

namespace connfate::cli::log {

void parse_access_line(std::string_view line, Record& record);

}  // namespace connfate::cli::log

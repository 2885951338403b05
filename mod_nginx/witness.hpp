// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the sending of reports: what connfate-witness is told about each logged request for
// which `connfate on` holds, once, at the beginning of the log phase.
// Surprising:
//  - The flow is that of the TCP connection. realip and PROXY protocol put another address into
//    c->sockaddr; the record of the connection kept the first one.
//  - Reports are kept until the worker's event loop has ended its turn, and sent together: a busy
//    worker then makes one system call for many responses. Only a good response waits, on a
//    connection that goes on: a report has to be sent before its connection ends.
//  - nginx draws $request_id when somebody asks for it. A report asks only if the configuration
//    uses the variable: an id that nobody else logs or sends joins nothing.

#include <string_view>

#include "connfate/report_batch.hpp"
#include "server.hpp"

namespace connfate::nginx {

/// Lives as long as the configuration; each worker process uses its own copy.
struct Witness {
  explicit Witness(std::string_view path) noexcept;

  WitnessSocket socket;
  ReportBatch batch{socket};
  ngx_event_t end_of_turn{};
};

/// nullptr when memory ran out.
Witness* make_witness(ngx_conf_t* cf, std::string_view path) noexcept;

/// In the log phase of a main request. Does nothing without a witness, and for what is not TCP.
void report_to_witness(ngx_http_request_t* r) noexcept;

}  // namespace connfate::nginx

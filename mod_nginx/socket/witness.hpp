// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the way to connfate-witness: the socket of a configuration, and reports that share a
// datagram.
// Surprising: reports are kept until the worker's event loop has ended its turn, and sent together:
// a busy worker then makes one system call for many responses.

#include <string_view>

#include "connfate/report_batch.hpp"
#include "socket/server.hpp"

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

/// Sends the report, at the latest at the end of this turn if it `may_wait`. Never blocks.
void tell(Witness& witness, Report& report, bool may_wait) noexcept;

}  // namespace connfate::nginx

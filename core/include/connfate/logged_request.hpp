// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides LoggedRequest: what a server knows of a request when it logs it. The two things that a
// module makes of it tell the same: the JSON line and the report to the witness.
// Surprising: the clock is read when it is filled in. Where a request has both, line and report are
// filled in one after the other, and their times differ by microseconds.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "connfate/endpoint.hpp"
#include "connfate/observation.hpp"
#include "connfate/report.hpp"

namespace connfate {

/// What the server knows of a logged request. Empty or nullopt: not known, or not asked for.
struct LoggedRequest {
  std::chrono::microseconds logged_at{};  ///< CLOCK_REALTIME since the epoch
  std::chrono::microseconds duration{};   ///< since its first byte, as the server counts
  std::optional<Flow> flow;               ///< the socket's own ends
  std::string_view remote_addr;           ///< the claimed client, if it is not the socket's peer
  std::string_view method;
  std::string_view host;
  std::string_view uri;  ///< without the query
  std::uint16_t status = 0;
  std::optional<std::uint64_t> bytes;  ///< of the body, as the server counts what it sent
  std::string_view request_id;
  std::string_view trace_id;
};

/// CLOCK_REALTIME, now: for LoggedRequest::logged_at.
std::chrono::microseconds wall_clock() noexcept;

/// The report of it. It borrows the texts. `request` has a flow; `server` is "nginx" or "httpd".
Report report_of(const LoggedRequest& request, const Observation& seen,
                 std::string_view server) noexcept;

}  // namespace connfate

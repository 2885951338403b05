// SPDX-License-Identifier: Apache-2.0
#include "connfate/logged_request.hpp"

namespace connfate {

std::chrono::microseconds wall_clock() noexcept {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(now);
}

Report report_of(const LoggedRequest& request, const Observation& seen,
                 std::string_view server) noexcept {
  Report report;
  report.flow = request.flow.value_or(Flow{});
  report.observation = seen;
  report.logged_at_us = static_cast<std::uint64_t>(request.logged_at.count());
  report.status = request.status;
  report.server = server;
  report.method = request.method;
  report.uri = request.uri;
  report.host = request.host;
  report.request_id = request.request_id;
  report.duration = request.duration;
  return report;
}

}  // namespace connfate

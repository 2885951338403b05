// SPDX-License-Identifier: Apache-2.0
#include "report.hpp"

#include "config.hpp"
#include "logged.hpp"
#include "view.hpp"
#include "witness.hpp"

namespace connfate::apache {
namespace {

Report report_of(const LoggedRequest& request, const Observation& seen) noexcept {
  Report report;
  report.flow = *request.flow;
  report.observation = seen;
  report.status = request.status;
  report.server = "httpd";
  report.method = request.method;
  report.uri = request.uri;
  report.host = request.host;
  report.request_id = request.request_id;
  report.duration = request.duration;
  return report;
}

}  // namespace

void report_to_witness(const Exchange& x) noexcept {
  WitnessSocket* witness = witness_of(x.r->connection);
  if (witness == nullptr || !is_enabled(x.r) || !has_tcp(x.r)) return;
  const Observation* seen = observation(x, Identity::all());
  const LoggedRequest request = logged_request(x.r);
  if (!request.flow) return;
  Report report = report_of(request, *seen);
  tell(*witness, report);
}

}  // namespace connfate::apache

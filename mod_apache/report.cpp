// SPDX-License-Identifier: Apache-2.0
#include "report.hpp"

#include "config.hpp"
#include "logged.hpp"
#include "view.hpp"
#include "witness.hpp"

namespace connfate::apache {
void report_to_witness(const Exchange& x) noexcept {
  WitnessSocket* witness = witness_of(x.r->connection);
  if (witness == nullptr || !is_enabled(x.r) || !has_tcp(x.r)) return;
  const Observation* seen = observation(x, Identity::all());
  const LoggedRequest request = logged_request(x.r);
  if (!request.flow) return;
  Report report = report_of(request, *seen, "httpd");
  tell(*witness, report);
}

}  // namespace connfate::apache

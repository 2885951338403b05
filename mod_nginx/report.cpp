// SPDX-License-Identifier: Apache-2.0
#include "report.hpp"

#include "config.hpp"
#include "http_connection.hpp"
#include "logged.hpp"
#include "socket/witness.hpp"
#include "view.hpp"

namespace connfate::nginx {
namespace {

/// Whether nginx is on its way to the next request: ngx_http_set_keepalive() clears r->keepalive
/// before it logs, and who closes leaves it (1.22 to 1.26). No stream ends its connection.
bool is_followed(const Exchange& x) noexcept {
  return is_http2(x.r) || (x.state->keepalive && x.r->keepalive == 0);
}

/// A report may wait when its connection certainly outlives this turn of the event loop.
bool may_wait(const Exchange& x, Fate fate) noexcept {
  const bool is_good = fate == Fate::kDelivered || fate == Fate::kPending;
  const bool leaves = ngx_exiting != 0 || ngx_terminate != 0;
  return is_good && is_followed(x) && x.c->error == 0 && x.c->timedout == 0 && !leaves;
}

}  // namespace

void report_to_witness(const Exchange& x) noexcept {
  Witness* witness = main_config(x.r).witness;
  if (witness == nullptr || !is_enabled(x.r) || !has_tcp(x.r)) return;
  const Observation* seen = observation(x, Identity::all());
  const LoggedRequest request = logged_request(x.r);
  if (seen == nullptr || !request.flow) return;
  Report report = report_of(request, *seen, "nginx");
  tell(*witness, report, may_wait(x, seen->verdict.fate));
}

}  // namespace connfate::nginx

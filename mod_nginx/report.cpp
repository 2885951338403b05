// SPDX-License-Identifier: Apache-2.0
#include "report.hpp"

#include "config.hpp"
#include "http_connection.hpp"
#include "logged.hpp"
#include "request.hpp"
#include "socket/witness.hpp"
#include "view.hpp"

namespace connfate::nginx {
namespace {

Report report_of(const LoggedRequest& request, const Observation& seen) noexcept {
  Report report;
  report.flow = *request.flow;
  report.observation = seen;
  report.status = request.status;
  report.server = "nginx";
  report.method = request.method;
  report.uri = request.uri;
  report.host = request.host;
  report.request_id = request.request_id;
  report.duration = request.duration;
  return report;
}

/// Whether nginx is on its way to the next request: ngx_http_set_keepalive() clears r->keepalive
/// before it logs, and who closes leaves it (1.22 to 1.26). No stream ends its connection.
bool is_followed(ngx_http_request_t* r) noexcept {
  if (is_http2(r)) return true;
  const RequestState* state = find_request_state(r);
  return state != nullptr && state->keepalive && r->keepalive == 0;
}

/// A report may wait when its connection certainly outlives this turn of the event loop.
bool may_wait(ngx_http_request_t* r, const ngx_connection_t* c, Fate fate) noexcept {
  const bool is_good = fate == Fate::kDelivered || fate == Fate::kPending;
  const bool leaves = ngx_exiting != 0 || ngx_terminate != 0;
  return is_good && is_followed(r) && c->error == 0 && c->timedout == 0 && !leaves;
}

}  // namespace

void report_to_witness(ngx_http_request_t* r) noexcept {
  Witness* witness = main_config(r).witness;
  if (witness == nullptr || !is_enabled(r) || !has_tcp(r)) return;
  const Observation* seen = observation(r, {.cookie = true, .ttl = true});
  const LoggedRequest request = logged_request(r);
  if (seen == nullptr || !request.flow) return;
  Report report = report_of(request, *seen);
  tell(*witness, report, may_wait(r, real_connection(r), seen->verdict.fate));
}

}  // namespace connfate::nginx

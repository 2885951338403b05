// SPDX-License-Identifier: Apache-2.0
#include "witness.hpp"

#include <new>

APLOG_USE_MODULE(connfate);

namespace connfate::apache {
namespace {

/// Runs with the configuration's pool; its descriptor would outlive a restart in one process (-X).
extern "C" apr_status_t connfate_close_witness(void* data) {
  static_cast<WitnessSocket*>(data)->~WitnessSocket();
  return APR_SUCCESS;
}

/// Not in the request's words: this is about the process, and about nobody's request.
void log_loss(const WitnessSocket& witness, const WitnessSocket::Loss& loss) noexcept {
  ap_log_error(APLOG_MARK, APLOG_WARNING, loss.code, ap_server_conf,
               "connfate: the witness at \"%s\" took no report (%" APR_UINT64_T_FMT
               " lost so far); responses are served and logged as ever, only their final "
               "verdicts will be missing",
               witness.path(), loss.lost);
}

}  // namespace

WitnessSocket* make_witness(apr_pool_t* pool, std::string_view path) noexcept {
  auto* witness = new (apr_palloc(pool, sizeof(WitnessSocket))) WitnessSocket(path);
  apr_pool_cleanup_register(pool, witness, connfate_close_witness, apr_pool_cleanup_null);
  return witness;
}

void tell(WitnessSocket& witness, Report& report) noexcept {
  const auto loss = witness.send(report);
  if (loss) log_loss(witness, *loss);
}

}  // namespace connfate::apache

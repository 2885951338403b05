// SPDX-License-Identifier: Apache-2.0
#include "socket/witness.hpp"

#include <new>

namespace connfate::nginx {
namespace {

/// Runs with the configuration's pool; its descriptor would outlive a reload without workers.
extern "C" void connfate_close_witness(void* data) {
  static_cast<Witness*>(data)->~Witness();
}

/// Not in the request's words: this is about the process, and about nobody's request.
void log_loss(const Witness& witness, const std::optional<WitnessSocket::Loss>& loss) noexcept {
  if (!loss) return;
  ngx_log_error(NGX_LOG_WARN, ngx_cycle->log, loss->code,
                "connfate: the witness at \"%s\" took no report (%uL lost so far); responses "
                "are served and logged as ever, only their final verdicts will be missing",
                witness.socket.path(), loss->lost);
}

void flush(Witness& witness) noexcept {
  log_loss(witness, witness.batch.flush());
}

extern "C" void connfate_end_of_turn(ngx_event_t* event) {
  flush(*static_cast<Witness*>(event->data));
}

}  // namespace

Witness::Witness(std::string_view path) noexcept : socket(path) {
  end_of_turn.handler = connfate_end_of_turn;
  end_of_turn.data = this;
}

Witness* make_witness(ngx_conf_t* cf, std::string_view path) noexcept {
  ngx_pool_cleanup_t* node = ngx_pool_cleanup_add(cf->pool, sizeof(Witness));
  if (node == nullptr) return nullptr;
  node->handler = connfate_close_witness;
  return new (node->data) Witness(path);
}

void tell(Witness& witness, Report& report, bool may_wait) noexcept {
  log_loss(witness, witness.batch.add(report));
  if (may_wait) {
    witness.end_of_turn.log = ngx_cycle->log;
    ngx_post_event(&witness.end_of_turn, &ngx_posted_events);
  } else {
    flush(witness);
  }
}

}  // namespace connfate::nginx

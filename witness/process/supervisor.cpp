// SPDX-License-Identifier: Apache-2.0
#include "witness/process/supervisor.hpp"

#include <systemd/sd-daemon.h>

namespace connfate::witness {

Supervisor::Supervisor() noexcept {
  std::uint64_t timeout = 0;
  if (sd_watchdog_enabled(0, &timeout) > 0) {
    interval_ = Duration(static_cast<Duration::rep>(timeout / 2));
  }
}

void Supervisor::ready() noexcept {
  (void)sd_notify(0, "READY=1");
}

void Supervisor::stopping() noexcept {
  (void)sd_notify(0, "STOPPING=1");
}

void Supervisor::alive(Instant now) noexcept {
  if (interval_ == Duration{} || now - told_at_ < interval_) return;
  told_at_ = now;
  (void)sd_notify(0, "WATCHDOG=1");
}

}  // namespace connfate::witness

// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Supervisor: what the witness tells systemd (sd_notify). Where it was not started by
// systemd, nothing happens. Used by the service.

#include "witness/instant.hpp"

namespace connfate::witness {

class Supervisor {
 public:
  Supervisor() noexcept;

  void ready() noexcept;
  void stopping() noexcept;
  /// To be called often; tells systemd when half of WatchdogSec has passed.
  void alive(Instant now) noexcept;

 private:
  Duration interval_{};  ///< zero: no watchdog
  Instant told_at_;
};

}  // namespace connfate::witness

// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides KeptObservation: the one look at the socket that all fields of a request's log line
// share, and Identity, what a field asks for besides. Each module has one in its record of a
// request. noexcept, no heap: the server's own pool gives the memory.
// Surprising: who asks for a field before the log phase (a header, a condition) gets a fresh look
// each time, which leaves the connection as it was. Only the look of the log phase is kept.

#include <new>

#include "connfate/field.hpp"
#include "connfate/observation.hpp"

namespace connfate {

/// What the caller's field prints that a snapshot does not hold.
struct Identity {
  bool cookie = false;
  bool ttl = false;

  static constexpr Identity all() noexcept { return {.cookie = true, .ttl = true}; }
  static constexpr Identity of(Needs needs) noexcept {
    return {.cookie = needs == Needs::kCookie, .ttl = needs == Needs::kTtl};
  }
};

/// Where and when somebody asks.
struct Look {
  int fd = -1;
  bool is_tcp = false;
  bool in_log_phase = false;
  Identity wanted;
  const HostIdentity* host = nullptr;  ///< whose line it is
};

class KeptObservation {
 public:
  /// Made by the first field of the log phase.
  bool is_there() const noexcept { return kept_ != nullptr; }

  /// `view`: the server's view, asked for only where a look is taken. `memory`: room for an
  /// Observation that lives as long as the request; nullptr when there is none. Returns nullptr
  /// then.
  template <typename View, typename Memory>
  const Observation* take(const Look& look, Connection& record, View view, Memory memory) noexcept {
    if (look.is_tcp) record.read_identity(look.fd, look.wanted.cookie, look.wanted.ttl);
    Observation* seen = kept_;
    if (seen == nullptr) {
      void* const room = memory();
      if (room == nullptr) return nullptr;
      Connection copy = record;
      seen = new (room) Observation(observe(look.fd, view(), look.in_log_phase ? record : copy));
      seen->host = look.host;
      if (look.in_log_phase) kept_ = seen;
    }
    // What this field needs, and an earlier one of the same line did not.
    seen->cookie = record.cookie;
    seen->ttl = record.ttl;
    return seen;
  }

 private:
  Observation* kept_ = nullptr;
};

}  // namespace connfate

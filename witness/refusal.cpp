// SPDX-License-Identifier: Apache-2.0
#include "witness/refusal.hpp"

namespace connfate::witness {

bool is_refused_on_path(const IcmpError& error, Instant last_heard,
                        std::optional<Instant> ended_at) noexcept {
  const bool by_an_end = error.sender.address == error.flow.remote.address ||
                         error.sender.address == error.flow.local.address;
  const bool in_the_silence = error.at > last_heard && (!ended_at || error.at <= *ended_at);
  return error.is_prohibition() && !by_an_end && in_the_silence;
}

}  // namespace connfate::witness

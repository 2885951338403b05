// SPDX-License-Identifier: Apache-2.0
#include "witness/silence/refusal.hpp"

namespace connfate::witness {

bool is_refused_on_path(const IcmpError& error, Instant last_heard,
                        std::optional<Instant> ended_at) noexcept {
  const bool by_an_end = error.sender.address == error.flow.remote.address ||
                         error.sender.address == error.flow.local.address;
  const bool in_the_silence = error.at > last_heard && (!ended_at || error.at <= *ended_at);
  return error.is_prohibition() && !by_an_end && in_the_silence;
}

const IcmpError* refusal_in(const WireFacts& facts, Instant last_heard,
                            std::optional<Instant> ended_at) noexcept {
  for (const auto* error : {&facts.last_icmp, &facts.icmp}) {
    if (*error && is_refused_on_path(**error, last_heard, ended_at)) return &**error;
  }
  return nullptr;
}

}  // namespace connfate::witness

// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides SilenceTiming: when data had been repeated long enough that a living client, if it
// received it, would have acknowledged it. Used by silence.cpp.
// Surprising: the kernel does not say when the first unacknowledged byte was sent. It says how
// often it was repeated, the timeout in force, and when it was sent last; the timeout doubles with
// each repetition, so the first time follows (RFC 6298, 5.5). Where the timeout stopped doubling,
// the true time is earlier: this one is the careful one.

#include <optional>

#include "witness/silence.hpp"

namespace connfate::witness {

/// Where the timeout stops doubling (TCP_RTO_MAX, include/net/tcp.h, 6.1).
inline constexpr std::chrono::seconds kLongestRto{120};

struct SilenceTiming {
  Instant measured_at;  ///< of the snapshot
  Duration base_rto{};  ///< before it was backed off
  Instant first_sent;   ///< of the first unacknowledged byte, or later
  Instant answer_due;   ///< a packet of the client after this had the time to acknowledge it
  Instant last_heard;   ///< by the kernel: an acknowledgement or data, never a RST
};

/// nullopt when nothing was repeated, or when it is not known when the snapshot was taken.
std::optional<SilenceTiming> timing_of(const Silence& silence) noexcept;

}  // namespace connfate::witness

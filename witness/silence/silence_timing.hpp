// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides SilenceTiming: when data had been repeated long enough that a living client, if it
// received it, would have acknowledged it. Used by silence.cpp.
// Surprising: the kernel does not say when the first unacknowledged byte was sent. It says how
// often it was repeated, the timeout in force, and when it was sent last; the timeout doubles with
// each repetition, so the first time follows (RFC 6298, 5.5). Where the timeout stopped doubling,
// or an ICMP message undid it (RFC 6069), the true time is earlier: this one is the careful one. An
// ICMP message that quotes the first unacknowledged byte shows that it had been sent by then.

#include <optional>
#include <string>

#include "witness/silence/silence.hpp"

namespace connfate::witness {

struct SilenceTiming {
  Instant measured_at;    ///< of the snapshot
  Duration base_rto{};    ///< before it was backed off
  Instant first_sent;     ///< of the first unacknowledged byte, or later
  bool is_later = false;  ///< first_sent is: the timeout did not double each time
  Instant answer_due;     ///< a packet of the client after this had the time to acknowledge it
  Instant last_heard;     ///< by the kernel: an acknowledgement or data, never a RST
  Instant last_lost;      ///< when the data was sent last, of those times that went unanswered
};

/// nullopt when nothing was repeated, or when it is not known when the snapshot was taken.
std::optional<SilenceTiming> timing_of(const Silence& silence) noexcept;

/// When an ICMP error quotes the first unacknowledged byte, for Silence::in_flight_at.
std::optional<Instant> in_flight_by_icmp(const WireHistory& history, Bytes acked) noexcept;

/// "1.6 s", or "at least 1.6 s" where the first time was earlier.
std::string since_first_sent(const SilenceTiming& timing, Instant at);

/// A closed window whose probes are answered: probes stay at 0 or 1 (tcp_ack_probe(), 6.1). What
/// was in flight when it closed is repeated and answered as well.
bool is_not_reading(const Silence& silence, const std::optional<SilenceTiming>& timing) noexcept;

/// A client that does not read acknowledges nothing new either, and nothing is lost.
bool may_be_not_reading(const Silence& silence) noexcept;

}  // namespace connfate::witness

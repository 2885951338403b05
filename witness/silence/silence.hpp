// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the judgement of a connection that ended because nothing was acknowledged any more: did
// the client vanish too, or did it live on while the server's data was lost (rules D1 to D7)?
// The cause, or the device, can never be named from here. Used by line_maker.

#include <span>

#include "connfate/tcp_snapshot.hpp"
#include "witness/attribution/attribution.hpp"
#include "witness/attribution/attribution_rule.hpp"
#include "witness/wire/wire_history.hpp"

namespace connfate::witness {

/// D1 to D7.
std::span<const AttributionRule> silence_rules() noexcept;

/// What the response looked like when the silence was measured.
struct Silence {
  Bytes start;  ///< of the response in the server's byte stream
  Bytes end;
  Bytes acked;                            ///< of the stream
  TcpSnapshot snapshot;                   ///< the last one
  std::optional<Instant> ended_at;        ///< when this host gave up, if it has
  std::optional<Instant> taken_at;        ///< of the snapshot; nullopt: at ended_at
  std::optional<Instant> in_flight_at{};  ///< the first unacknowledged byte had been sent by then
  std::optional<Instant> answered_at{};   ///< a RST ended the repetitions
  bool output_excluded = false;           ///< the kernel counts nothing that it could not send
};

/// path_proven_alive: the client lived while what this host sent was lost (D2, D7; see
/// signs_of_life.hpp). A RST does not count: anybody can send one.
/// `capture_runs`: packets are captured at all. Negative statements ("no FIN and no RST left this
/// host") are made only when the capture saw the handshake and lost nothing.
Attribution attribute_silence(const WireHistory& history, const HostFacts& host,
                              const Silence& silence, bool capture_runs);

}  // namespace connfate::witness

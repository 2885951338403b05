// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the lines: a response, or a whole connection, with all that is known of its end, made
// into a FinalLine. Here the final verdict and the attribution come together. Pure; used by the
// tracker.

#include <string>

#include "witness/lines/final_line.hpp"
#include "witness/origin/rst_origin.hpp"
#include "witness/own_host/queue_drops.hpp"
#include "witness/silence/silence_aggregate.hpp"
#include "witness/tracking/connection_table.hpp"
#include "witness/wire/wire_table.hpp"

namespace connfate::witness {

/// What only many connections together show.
struct Aggregates {
  RstFingerprints resets;
  SilenceAggregate silences;
  QueueDrops queues;
};

/// What is known of a connection when one of its lines is made.
struct Known {
  const SocketRecord* socket = nullptr;  ///< its last state; null when there is none
  bool ended = false;                    ///< `socket` is its destroy message
  std::optional<Instant> ended_at;
  std::optional<Instant> taken_at;  ///< when a live `socket` was looked at
  std::optional<Instant> alive_at;  ///< when the socket was found alive, last
  WireView wire;
  bool capture_runs = false;
  std::optional<std::uint8_t> ttl;
  std::string reason;  ///< why nothing better can be had; empty when the verdict is final
};

FinalLine response_line(const TrackedConnection& connection, const WaitingResponse& response,
                        const Known& known, Aggregates& aggregates);

/// A connection without a report. `has_module`: its port is served by a module, so that no report
/// means no request; otherwise nothing is known of requests.
FinalLine connection_line(const TrackedConnection& connection, const Known& known, bool has_module,
                          Aggregates& aggregates);

}  // namespace connfate::witness

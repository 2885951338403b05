// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides FinalLine: one line of the witness's log, about one response or about one connection
// that ended without any request, and its two spellings, JSON and logfmt. Its keys are in
// line_keys.hpp; docs/line.schema.json is the schema of the first. Used by the tracker,
// which makes it, and by the output.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "connfate/endpoint.hpp"
#include "connfate/fate.hpp"
#include "connfate/host_identity.hpp"
#include "connfate/units.hpp"
#include "witness/attribution/attribution.hpp"
#include "witness/instant.hpp"

namespace connfate::witness {

enum class CaptureHealth : std::uint8_t { kOff, kPartial, kComplete };

struct FinalLine {
  enum class About : std::uint8_t { kResponse, kConnection };

  std::chrono::sys_time<std::chrono::microseconds> time{};  ///< of the log line, or of the end
  const HostIdentity* identity = nullptr;                   ///< whose line it is
  Instant ended_at{};  ///< of a connection; whoever has a wall clock makes `time` of it

  // The request; empty or 0 on connection lines.
  std::string server, method, uri, host, request_id;
  std::uint16_t status = 0;
  std::optional<std::chrono::milliseconds> duration;  ///< until the log line, as the server counts

  About about = About::kResponse;
  Flow flow;
  bool is_claim = false;  ///< no kernel has confirmed the two ends: they are not written
  std::uint64_t cookie = 0;
  std::optional<Fate> first;  ///< the log-time fate
  Fate fate = Fate::kUnknown;
  By by = By::kUnknown;
  std::optional<Phase> phase;
  Close close = Close::kUnknown;
  bool final = true;
  std::string rule;
  std::string reason;  ///< why nothing better can be had; empty when final

  std::optional<Bytes> start, end, written, acked, unacked, refused;
  std::optional<Segments> retrans;
  std::optional<std::chrono::milliseconds> silence;  ///< since the peer was last heard
  std::optional<std::chrono::microseconds> rtt, min_rtt;
  std::optional<std::uint8_t> ttl;

  std::optional<RstFrom> rst_from;
  Confidence confidence = Confidence::kNone;
  std::vector<std::string> evidence;
  std::vector<std::string> evidence_rules;
  CaptureHealth capture = CaptureHealth::kOff;
  std::uint64_t capture_lost = 0;
  bool benign = false;  ///< nothing of a response was lost by this end
};

/// One JSON object without a newline, in printable ASCII.
std::string to_json(const FinalLine& line);

/// The same as one run of logfmt; texts are quoted when they need it.
std::string to_logfmt(const FinalLine& line);

}  // namespace connfate::witness

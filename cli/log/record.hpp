// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Record: one line of a log, parsed. Made by the Reader (reader.hpp) and read by report.
// Surprising:
//  - Every view points into the reader's buffer and is valid only while the record is visited.
//  - All text was written by clients and servers: pass it through printable() (cli/printable.hpp)
//    before it goes to a terminal.
//  - What a line does not say is an empty view or nullopt, never 0.

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "connfate/bundle.hpp"
#include "connfate/fate.hpp"
#include "connfate/field.hpp"

namespace connfate::cli::log {

enum class Kind : std::uint8_t {
  kBundle,      ///< an access-log line of text, with the bundle
  kJson,        ///< an access-log line of JSON that tells a fate
  kWitness,     ///< a line of connfate-witness about a response or a connection
  kDaemon,      ///< a line of connfate-witness about itself
  kNoFate,      ///< a request, but no fate: connfate was off, or the line is of another format
  kUnparsable,  ///< none of these
};

using connfate::FieldId;

/// What a line of connfate-witness says beyond the fields.
struct WitnessWords {
  std::string_view event;  ///< response, connection, or one about the daemon
  std::string_view first;  ///< the fate in the access log
  std::string_view reason;
  std::string_view rst_from;
  std::string_view confidence;
  std::string_view capture;
  std::string_view log;             ///< of witness_started: "trouble" or "all"
  std::string_view shared_silence;  ///< of the evidence: that clients of one network fell silent
  bool final = true;
  bool benign = false;
};

struct Record {
  using Time = std::chrono::sys_time<std::chrono::microseconds>;

  Kind kind = Kind::kUnparsable;
  std::string_view source;  ///< file name as it was given; "-" is standard input
  std::uint64_t line = 0;   ///< from 1
  std::string_view raw;     ///< without the end of line
  bool cut = false;         ///< the line was longer than the reader keeps

  std::optional<Time> time;
  std::optional<std::chrono::microseconds> duration;  ///< how long the request took
  std::string_view client;                            ///< address, as written
  std::string_view client_port;                       ///< the socket's own
  std::string_view host;
  std::string_view server;
  std::string_view method;
  std::string_view uri;
  std::string_view status;
  std::string_view bytes;
  std::string_view request_id;

  std::optional<Fate> fate;  ///< `unknown` also for a word that this version does not know
  std::optional<Bundle> bundle;
  /// Of a line whose fields stand alone, without a bundle; field() asks both.
  std::array<std::string_view, kFieldCount> fields{};
  WitnessWords witness;

  /// Empty when it is not known.
  std::string_view field(FieldId id) const noexcept;
  std::optional<std::uint64_t> number(FieldId id) const noexcept;
  bool has_later_fate() const noexcept {  ///< a word that this version does not know
    return fate == Fate::kUnknown && field(FieldId::kFate) != to_token(Fate::kUnknown);
  }
  bool is_request() const noexcept {
    return kind == Kind::kBundle || kind == Kind::kJson || kind == Kind::kNoFate;
  }
};

}  // namespace connfate::cli::log

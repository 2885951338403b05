// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the field table: the one home of every field's name, unit, meaning and value. nginx
// variables, httpd specifiers, the bundle, docs/fields.md and the command's columns derive from it.
// Surprising: a field that is not known writes nothing and returns false; the caller prints "-"
// (or leaves the field out of the bundle). It is never 0 and never -1.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "connfate/char_writer.hpp"
#include "connfate/observation.hpp"

namespace connfate {

/// What a field needs beyond the snapshot; read once per connection, only if used.
enum class Needs : std::uint8_t { kSnapshot, kCookie, kTtl };

/// Which row of the table: the order of fields in the bundle.
enum class FieldId : std::uint8_t {
  kFate,
  kBy,
  kPhase,
  kClose,
  kErr,
  kErrOn,
  kTcpState,
  kWritten,
  kAcked,
  kUnacked,
  kNotsent,
  kRefused,
  kStart,
  kEnd,
  kRetrans,
  kBackoff,
  kSilenceMs,
  kRttUs,
  kRttvarUs,
  kMinRttUs,
  kSndWnd,
  kCwnd,
  kRwndLimitedMs,
  kSndbufLimitedMs,
  kBusyMs,
  kDeliveryRate,
  kTtl,
  kCookie,
  kTransport,
  kResetCode,
  kNode,
  kBoot,
  kRule,
};
inline constexpr std::size_t kFieldCount = static_cast<std::size_t>(FieldId::kRule) + 1;

struct Field {
  FieldId id;
  std::string_view name;
  std::string_view unit;     ///< "token", "bytes", "ms", ... as printed in docs/fields.md
  std::string_view meaning;  ///< one sentence
  Needs needs;
  bool (*write)(const Observation&, CharWriter&) noexcept;  ///< false: not known, nothing written

  /// Whether it is a figure: JSON writes it without quotes.
  constexpr bool is_number() const noexcept {
    for (const std::string_view figure :
         {"bytes", "bytes/s", "count", "hops byte", "ms", "segments", "us"}) {
      if (unit == figure) return true;
    }
    return false;
  }
};

/// Longest text that any single field writes.
inline constexpr std::size_t kFieldSize = 64;

/// The table in the order of the bundle, `fate` first.
std::span<const Field> fields() noexcept;

/// The row of that field.
const Field& field(FieldId id) noexcept;

/// nullptr when there is no such field.
const Field* find_field(std::string_view name) noexcept;

}  // namespace connfate

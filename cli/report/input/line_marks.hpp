// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides LineMarks: what the line of a request and the witness's line about it both say, beyond
// the key that brings them together; and compare(). Used by WitnessJoin.
// Surprising: the client's address never contradicts. An access log writes the address that a proxy
// claimed, and the witness may mask its own; only the ports are the socket's on both lines.

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "cli/log/record.hpp"

namespace connfate::cli::report {

/// Of this run, so that nobody can write lines whose keys collide.
std::uint64_t hash_of(std::string_view text) noexcept;

struct LineMarks {
  enum Mark : std::uint8_t {
    // Facts of the connection, and the fate that the server logged: they contradict.
    kBoot,
    kStart,
    kClientPort,
    kLoggedFate,
    // They do not: logs spell them in many ways.
    kWritten,
    kClient,
    kUri,
    kMethod,
    kStatus,
    kRequestId,
    kCount,
  };

  static LineMarks of(const log::Record& record) noexcept;

  /// The same line, but for what the witness learns about the socket in between.
  bool is_of_same_response(const LineMarks& other) const noexcept;

  std::array<std::uint64_t, kCount> hashes{};  ///< 0: the line does not say
  std::optional<log::Record::Time> time;
};

/// Those on which both lines agree, as a set of bits; nothing when one contradicts.
std::optional<std::uint32_t> compare(const LineMarks& a, const LineMarks& b) noexcept;

}  // namespace connfate::cli::report

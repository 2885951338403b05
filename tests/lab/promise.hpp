// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides what a story promises that connfate says, and how that differs between the ways in which
// it is played (its `but`).
// Surprising: a field with several values is a race between packets, and the truth table shows all
// of them: the page must not change from run to run.

#include <optional>
#include <string>
#include <vector>

#include "lab/field_rule.hpp"
#include "lab/way.hpp"

namespace connfate::lab {

/// What one line must say. Every rule must hold.
struct ExpectedLine {
  std::vector<FieldRule> fields;
  std::vector<std::string> evidence;  ///< each is part of one statement of the line's evidence

  /// nullptr when nothing is said about the field.
  const FieldRule* find(std::string_view name) const;
};

struct Promise {
  std::vector<ExpectedLine> log;    ///< in order; empty: no access-log line comes of it
  std::vector<ExpectedLine> final;  ///< likewise, of the witness
};

/// Holds for the ways that all parts allow; an empty part allows every way.
struct Exception {
  std::vector<harness::ServerKind> servers;
  std::vector<harness::Protocol> protocols;
  std::vector<int> rtts_ms;
  std::optional<std::vector<ExpectedLine>> log;
  std::optional<std::vector<ExpectedLine>> final;
};

/// Fields of an exception take the place of those of the same name; no line at all ("none") is no
/// line at all.
Promise promise_for(const Way& way, Promise usual, const std::vector<Exception>& exceptions);

}  // namespace connfate::lab

// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides what a scenario promises about one log line. A list names the permitted values; an empty
// list permits all. Where a list has more than one value, the network decides which it is (a race
// between two packets, say), and no test may depend on it.

#include <string>
#include <string_view>
#include <vector>

#include "harness/log_line.hpp"

namespace connfate::harness {

/// A relation between the numbers of one line.
struct Condition {
  std::string_view words;  ///< "acked < written"
  bool (*holds)(const LogLine&);
};

extern const Condition kAckedLessThanWritten;
extern const Condition kSomeUnacked;
extern const Condition kSomeNotSent;
extern const Condition kNothingWritten;
extern const Condition kNothingAcked;
extern const Condition kStartsTheStream;
extern const Condition kNoByteCounts;

struct Expectation {
  using Tokens = std::vector<std::string>;

  Tokens fate;
  Tokens phase{};
  Tokens close{};
  Tokens err{};
  std::vector<int> status{};
  std::vector<Condition> where{};
  std::string uri{};  ///< part of the request line; lines are taken in their order when empty
};

/// One sentence per broken promise; empty when the line is as expected.
std::vector<std::string> complaints(const Expectation& expected, const LogLine& line);

/// What holds for every line whatever happened: "pending" has unacknowledged bytes, "delivered" has
/// none, written = acked + unacked, end - start = written, `by` suits the fate, a rule is named.
std::vector<std::string> broken_invariants(const LogLine& line);

}  // namespace connfate::harness

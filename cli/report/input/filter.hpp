// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Filter: which requests are wanted (--where, --since, --until), and how their texts are
// read. Used by the feed and by the options.
// Surprising: a request that does not say what is asked for never matches, with != neither.

#include <optional>
#include <string>
#include <vector>

#include "cli/address_prefix.hpp"
#include "cli/log/log_time.hpp"
#include "cli/report/input/selector.hpp"

namespace connfate::cli::report {

/// NAME=VALUE, NAME!=VALUE, NAME<NUMBER, NAME<=, NAME>, NAME>=. A value may be a list, a,b,c, and
/// may end in * (anything that begins so).
class Condition {
 public:
  /// Throws std::invalid_argument with what to write instead.
  static Condition parse(std::string_view text);
  bool holds(const Request& request, std::string& scratch) const;

 private:
  enum class Compare { kEqual, kNotEqual, kLess, kLessOrEqual, kGreater, kGreaterOrEqual };

  bool equals_any(std::string_view value) const;
  bool in_any_prefix(std::string_view value) const;
  bool compares(std::string_view value) const;

  explicit Condition(Selector selector) : selector_(selector) {}

  Selector selector_;
  Compare compare_ = Compare::kEqual;
  std::vector<std::string> values_;
  std::vector<AddressPrefix> prefixes_;
  double number_ = 0;
};

struct Filter {
  std::vector<Condition> conditions;
  std::optional<log::LogTime> since;
  std::optional<log::LogTime> until;
  /// Start of the period before, of the same length, that `since` ends: for comparison.
  std::optional<log::LogTime> before_from;

  bool matches_conditions(const Request& request, std::string& scratch) const;
  /// False for a line without a time when a period is asked for.
  bool matches_period(const log::Record& record) const noexcept;
};

/// "2h", "30m", "90s", "7d": that long before `now`; or a time as logs write it, or a date. Throws
/// std::invalid_argument.
log::LogTime parse_when(std::string_view text, log::LogTime now);

}  // namespace connfate::cli::report

// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides SecondsHistogram: how many requests lasted, or were silent for, so many whole seconds,
// and the cliffs in it: most of the failures within one second behind a usual timer. Used by the
// report. Surprising: a cliff says that the figures fit a timer. Whose timer it is they do not say.
// A client's own is logged early, since its clock began a round trip or two before the request
// came.

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace connfate::cli::report {

/// A timer that many installations leave at its default.
struct KnownTimer {
  int seconds;
  std::string_view where;
};
std::span<const KnownTimer> known_timers() noexcept;

struct Cliff {
  int from = 0;                ///< the whole second in which the failures begin
  int seconds = 0;             ///< the timer that they fit: a known one, or where most are
  std::string_view timer;      ///< KnownTimer::where, or empty for no known one
  std::uint64_t inside = 0;    ///< failures in `from` or the second after it
  std::uint64_t failures = 0;  ///< all, with a known figure
};

class SecondsHistogram {
 public:
  void add(std::chrono::microseconds value) noexcept;
  std::uint64_t total() const noexcept { return total_; }
  /// Requests with from <= seconds < to.
  std::uint64_t between(std::size_t from, std::size_t to) const noexcept;
  /// Below one second: in tenths.
  std::uint64_t tenth(std::size_t index) const noexcept { return tenths_.at(index); }
  /// Above the longest that is kept apart.
  static constexpr std::size_t longest() noexcept { return kSeconds; }

  /// At least 10, and at least half of all, within two seconds. Not below one second: too many
  /// things last that long.
  std::optional<Cliff> cliff() const noexcept;

 private:
  static constexpr std::size_t kSeconds = 7200;

  std::vector<std::uint32_t> seconds_ = std::vector<std::uint32_t>(kSeconds + 1);
  std::vector<std::uint32_t> tenths_ = std::vector<std::uint32_t>(10);
  std::uint64_t total_ = 0;
};

}  // namespace connfate::cli::report

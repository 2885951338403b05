// SPDX-License-Identifier: Apache-2.0
#include "cli/report/count/failure_window.hpp"

#include <algorithm>

namespace connfate::cli::report {
namespace {

constexpr std::int64_t kClose = 5;  ///< times the usual distance between two failures

bool is_short(std::int64_t length, std::int64_t period) noexcept {
  return length * 3 <= period * 2;
}

}  // namespace

std::optional<FailureWindow> find_window(std::vector<std::int64_t> times, std::int64_t period) {
  if (times.empty() || period <= 0) return std::nullopt;
  std::ranges::sort(times);
  const std::size_t wanted = times.size() - times.size() / 10;
  std::size_t first = 0;
  for (std::size_t i = 0; i + wanted <= times.size(); ++i) {
    if (times[i + wanted - 1] - times[i] < times[first + wanted - 1] - times[first]) first = i;
  }
  std::size_t last = first + wanted - 1;
  // The tenth that was left out may well belong to it: what follows as closely as the rest does.
  const std::int64_t length = times[last] - times[first];
  const std::int64_t close = kClose * (length / static_cast<std::int64_t>(wanted) + 1);
  while (first > 0 && times[first] - times[first - 1] <= close) --first;
  while (last + 1 < times.size() && times[last + 1] - times[last] <= close) ++last;
  if (!is_short(times[last] - times[first], period)) return std::nullopt;
  return FailureWindow{times[first], times[last], last - first + 1, times.size()};
}

}  // namespace connfate::cli::report

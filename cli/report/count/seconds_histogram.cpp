// SPDX-License-Identifier: Apache-2.0
#include "cli/report/count/seconds_histogram.hpp"

#include <algorithm>

namespace connfate::cli::report {
namespace {

constexpr std::uint64_t kLeast = 10;

/// nginx takes the time once in each turn of its event loop (ngx_time_update(), 1.22): a timer of
/// 5 s is logged as 4.99 as well.
constexpr std::uint64_t kClock = 30'000;
constexpr std::uint64_t kSecond = 1'000'000;

}  // namespace

std::span<const KnownTimer> known_timers() noexcept {
  static constexpr KnownTimer kTimers[] = {
      {60,
       "the default of nginx's proxy_read_timeout and send_timeout, httpd's Timeout, AWS ALB's "
       "idle timeout"},
      {240, "the default of Azure Load Balancer's idle timeout"},
      {300, "a usual value of client and proxy timeouts"},
      {350, "the idle timeout of AWS NLB and NAT gateways"},
      {600, "the idle timeout of Google Cloud's load balancers"},
      {900, "the default of Linux IPVS for established connections"},
      {3600, "a usual idle timeout of stateful firewalls"},
  };
  return kTimers;
}

void SecondsHistogram::add(std::chrono::microseconds value) noexcept {
  auto micros = static_cast<std::uint64_t>(std::max<std::int64_t>(value.count(), 0));
  if (micros + kClock >= kSecond) micros += kClock;
  ++seconds_[std::min<std::uint64_t>(micros / kSecond, kSeconds)];
  if (micros < kSecond) ++tenths_[micros / (kSecond / 10)];
  ++total_;
}

std::uint64_t SecondsHistogram::between(std::size_t from, std::size_t to) const noexcept {
  std::uint64_t sum = 0;
  for (std::size_t i = from; i < to && i <= kSeconds; ++i) sum += seconds_[i];
  return sum;
}

std::optional<Cliff> SecondsHistogram::cliff() const noexcept {
  Cliff best;
  for (std::size_t i = 1; i < kSeconds; ++i) {
    const std::uint64_t inside = std::uint64_t{seconds_[i]} + seconds_[i + 1];
    if (inside > best.inside) best = {static_cast<int>(i), 0, {}, inside, total_};
  }
  if (best.inside < kLeast || best.inside * 2 < total_) return std::nullopt;
  const auto first = static_cast<std::size_t>(best.from);
  if (seconds_[first] == 0) ++best.from;
  best.seconds = seconds_[first + 1] > seconds_[first] ? static_cast<int>(first) + 1 : best.from;
  const auto known = std::ranges::find_if(known_timers(), [&best](const KnownTimer& timer) {
    return timer.seconds == best.from || timer.seconds == best.seconds;
  });
  if (known == known_timers().end()) return best;
  best.seconds = known->seconds;
  best.timer = known->where;
  return best;
}

}  // namespace connfate::cli::report

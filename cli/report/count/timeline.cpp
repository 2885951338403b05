// SPDX-License-Identifier: Apache-2.0
#include "cli/report/count/timeline.hpp"

#include <array>

namespace connfate::cli::report {
namespace {

constexpr std::array<std::int64_t, 14> kWidths = {1,    5,    10,    30,    60,    300,    600,
                                                  1800, 3600, 10800, 21600, 86400, 604800, 2592000};

std::int64_t next_width(std::int64_t width) noexcept {
  for (const std::int64_t one : kWidths) {
    if (one > width) return one;
  }
  return width * 10;  // a log of centuries: times that a client wrote
}

std::int64_t floor_to(std::int64_t seconds, std::int64_t width) noexcept {
  const std::int64_t rest = seconds % width;
  return seconds - (rest < 0 ? rest + width : rest);
}

}  // namespace

void Timeline::add(log::LogTime time, Fate fate, By by) {
  const std::int64_t seconds =
      std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  const std::int64_t start = floor_to(seconds, width_);
  if (last_ == nullptr || start != last_start_) {
    last_ = &buckets_[start];
    last_start_ = start;
  }
  last_->add(fate, by);
  if (buckets_.size() > kMostBuckets) widen();
}

void Timeline::widen() {
  width_ = next_width(width_);
  Buckets wider;
  for (const auto& [start, counts] : buckets_) wider[floor_to(start, width_)].add(counts);
  buckets_ = std::move(wider);
  last_ = nullptr;
}

Timeline Timeline::coarser(std::size_t most) const {
  Timeline copy(*this);
  const auto span = [&copy] {
    const std::int64_t first = copy.buckets_.begin()->first;
    return (copy.buckets_.rbegin()->first - first) / copy.width_ + 1;
  };
  while (!copy.buckets_.empty() && span() > static_cast<std::int64_t>(most)) copy.widen();
  return copy;
}

}  // namespace connfate::cli::report

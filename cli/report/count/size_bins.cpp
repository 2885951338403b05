// SPDX-License-Identifier: Apache-2.0
#include "cli/report/count/size_bins.hpp"

namespace connfate::cli::report {
namespace {

constexpr std::uint64_t kLeastFailures = 10;
constexpr std::uint64_t kLeastBelow = 20;
constexpr double kRatio = 20;

double rate(std::uint64_t failed, std::uint64_t requests) noexcept {
  return requests == 0 ? 0 : static_cast<double>(failed) / static_cast<double>(requests);
}

SizeStep step_at(const SizeBins& bins, std::size_t edge) noexcept {
  SizeStep step{kSizeEdges[edge], 0, 0, 0, 0};
  for (std::size_t i = 0; i < kSizeBinCount; ++i) {
    (i < edge ? step.failed_below : step.failed_above) += bins.unacknowledged[i];
    (i < edge ? step.requests_below : step.requests_above) += bins.requests[i];
  }
  return step;
}

bool is_step(const SizeStep& step) noexcept {
  return step.failed_above >= kLeastFailures && step.requests_below >= kLeastBelow &&
         rate(step.failed_above, step.requests_above) >=
             kRatio * rate(step.failed_below, step.requests_below);
}

/// The first bin above the edge that has requests fails at no less than half the rate of all above.
bool is_abrupt(const SizeBins& bins, std::size_t edge, const SizeStep& step) noexcept {
  for (std::size_t i = edge; i < kSizeBinCount; ++i) {
    if (bins.requests[i] == 0) continue;
    return rate(bins.unacknowledged[i], bins.requests[i]) >=
           rate(step.failed_above, step.requests_above) / 2;
  }
  return false;
}

}  // namespace

SizeStep find_step(const SizeBins& bins) noexcept {
  SizeStep best;
  double best_gain = 0;
  for (std::size_t edge = 1; edge < kSizeBinCount; ++edge) {
    const SizeStep step = step_at(bins, edge);
    if (!is_step(step) || !is_abrupt(bins, edge, step)) continue;
    // What is gained by the split: failures explained, less those below that contradict it.
    const double gain =
        rate(step.failed_above, step.requests_above) - rate(step.failed_below, step.requests_below);
    if (gain <= best_gain) continue;
    best = step;
    best_gain = gain;
  }
  return best;
}

}  // namespace connfate::cli::report

// SPDX-License-Identifier: Apache-2.0
#include "witness/wire/skipped_frames.hpp"

#include <algorithm>
#include <functional>

namespace connfate::witness {

void SkippedFrames::add(const SkippedFrames& others) noexcept {
  std::ranges::transform(counts_, others.counts_, counts_.begin(), std::plus<>());
}

}  // namespace connfate::witness

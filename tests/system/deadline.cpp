// SPDX-License-Identifier: Apache-2.0
#include "system/deadline.hpp"

#include <thread>

namespace connfate::harness {

bool eventually(const std::function<bool()>& condition, milliseconds limit) {
  constexpr milliseconds kPause{5};
  const auto end = std::chrono::steady_clock::now() + limit;
  while (std::chrono::steady_clock::now() < end) {
    if (condition()) return true;
    std::this_thread::sleep_for(kPause);
  }
  return condition();
}

}  // namespace connfate::harness

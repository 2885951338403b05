// SPDX-License-Identifier: Apache-2.0
#include "harness/deadline.hpp"

#include <cstdlib>
#include <thread>

namespace connfate::harness {

const char* server_wrapper() {
  return std::getenv("CONNFATE_SERVER_WRAPPER");
}

milliseconds patient(milliseconds limit) {
  return server_wrapper() == nullptr ? limit : limit * 6;
}

bool eventually(const std::function<bool()>& condition, milliseconds limit) {
  constexpr milliseconds kPause{5};
  const auto end = std::chrono::steady_clock::now() + patient(limit);
  while (std::chrono::steady_clock::now() < end) {
    if (condition()) return true;
    std::this_thread::sleep_for(kPause);
  }
  return condition();
}

}  // namespace connfate::harness

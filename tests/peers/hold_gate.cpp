// SPDX-License-Identifier: Apache-2.0
#include "peers/hold_gate.hpp"

namespace connfate::peers {

bool HoldGate::hold() {
  std::unique_lock lock(mutex_);
  const unsigned releases_before = releases_;
  ++held_;
  changed_.notify_all();
  changed_.wait(lock, [&] { return stopped_ || releases_ != releases_before; });
  return !stopped_;
}

bool HoldGate::pause(std::chrono::milliseconds duration) {
  std::unique_lock lock(mutex_);
  return !changed_.wait_for(lock, duration, [&] { return stopped_; });
}

int HoldGate::held() const {
  const std::lock_guard lock(mutex_);
  return held_;
}

bool HoldGate::wait_held(int count, std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, limit, [&] { return held_ >= count; });
}

void HoldGate::release() {
  const std::lock_guard lock(mutex_);
  held_ = 0;
  ++releases_;
  changed_.notify_all();
}

void HoldGate::stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  changed_.notify_all();
}

}  // namespace connfate::peers

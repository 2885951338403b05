// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the waits of the backend's sessions that are not for their peer: the gate of /hold, and
// pauses. stop() ends them all. Every function may be called from any thread.

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace connfate::peers {

class HoldGate {
 public:
  /// Until the next release(). False: stop() came first.
  bool hold();
  /// False: stop() came first.
  bool pause(std::chrono::milliseconds duration);

  int held() const;
  /// Until at least `count` are held. False: the limit passed first.
  bool wait_held(int count, std::chrono::milliseconds limit);
  void release();
  void stop();  ///< for good

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  int held_ = 0;
  unsigned releases_ = 0;
  bool stopped_ = false;
};

}  // namespace connfate::peers

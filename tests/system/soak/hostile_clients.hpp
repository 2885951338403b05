// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides HostileClients: threads in the lab's client that misbehave at random until they are
// stopped, in cleartext, TLS and HTTP/2: they reset, vanish with unread data, stop reading, send
// half a request or garbage, cancel streams, and ask for backends that die.
// Used by the soak. Every request is marked; what was answered is told to the Marks.

#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

#include "harness/lab.hpp"
#include "harness/server.hpp"
#include "system/soak/marks.hpp"

namespace connfate::harness {

class HostileClients {
 public:
  /// `seed` decides what each of the `threads` does.
  HostileClients(const Lab& lab, const Server& server, Marks& marks, unsigned seed,
                 unsigned threads);
  HostileClients(const HostileClients&) = delete;
  HostileClients& operator=(const HostileClients&) = delete;

  /// Connections begun; those refused or cut by a reload among them.
  std::uint64_t visits() const { return visits_; }
  void stop();

 private:
  void run(const std::stop_token& stop, const Lab& lab, const Server& server, unsigned seed);

  Marks& marks_;
  std::atomic<std::uint64_t> visits_ = 0;
  std::vector<std::jthread> threads_;
};

}  // namespace connfate::harness

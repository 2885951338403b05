// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the blind forger of the outage lab: somebody off the path who knows the connection's
// addresses, its ports and how many hops away the client is, and no number. While the story is
// played he sends data, RSTs, FINs and SYNs in the client's name, and ICMP errors about packets
// that never were. What connfate says must be what it says without him.

#include <atomic>
#include <cstdint>
#include <random>
#include <string>
#include <thread>

#include "lab/net/forgery.hpp"
#include "lab/player.hpp"

namespace connfate::lab {

class Forger {
 public:
  /// That his ICMP errors come from, over either family.
  static constexpr const char* kAddress = "203.0.113.66";
  static constexpr const char* kAddress6 = "2001:db8:bad::66";

  /// Begins as soon as the connection is there. `player` must outlive him.
  explicit Forger(Player& player);
  ~Forger();  ///< as stop()
  Forger(const Forger&) = delete;
  Forger& operator=(const Forger&) = delete;

  /// The number of packets that he sent.
  std::uint64_t stop();

 private:
  Forgery next();

  Player& player_;
  std::mt19937 random_{20261130};
  std::uint64_t turn_ = 0;
  std::atomic<bool> over_{false};
  std::atomic<std::uint64_t> sent_{0};
  std::thread thread_;
};

}  // namespace connfate::lab

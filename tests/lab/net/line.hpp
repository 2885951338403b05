// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Line: one direction of a cable as arithmetic. For each frame it says when it arrives at
// the other end: once, twice, or never. Used by Cable, which has the clock.

#include <boost/container/static_vector.hpp>
#include <chrono>
#include <random>

#include "lab/net/impairment.hpp"

namespace connfate::lab {

class Line {
 public:
  using Instant = std::chrono::steady_clock::time_point;
  using Arrivals = boost::container::static_vector<Instant, 2>;
  struct Counts {
    std::uint64_t lost = 0, duplicated = 0, reordered = 0;
  };

  void set(const Impairment& impairment);
  /// `client_port` of the connection that the frame belongs to; 0: it gets nothing but the delay.
  Arrivals carry(std::uint16_t client_port, Instant now);
  const Counts& counts() const { return counts_; }

 private:
  bool happens(double probability);
  Instant in_order(Instant due);

  Impairment impairment_;
  std::minstd_rand random_;
  Instant last_{};  ///< of those that keep their order
  Counts counts_;
};

}  // namespace connfate::lab

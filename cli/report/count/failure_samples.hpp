// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides FailureSamples: the failed requests themselves, in short, up to a fixed number; beyond
// it an even sample of them. The findings look here for what the failures of one group have in
// common.

#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include "connfate/fate.hpp"

namespace connfate::cli::report {

struct FailureSample {
  static constexpr std::uint32_t kNotKnown = std::numeric_limits<std::uint32_t>::max();
  static constexpr std::int64_t kNoTime = std::numeric_limits<std::int64_t>::min();

  Fate fate = Fate::kUnknown;
  By by = By::kUnknown;
  bool clients_patience = false;  ///< ended it: the client left after it had waited in vain
  bool on_this_host = false;      ///< the client's address is a loopback address
  std::int64_t time = kNoTime;    ///< seconds since 1970
  std::uint32_t duration_ms = kNotKnown;
  std::uint32_t silence_ms = kNotKnown;
  std::uint64_t client = 0;   ///< hash of the address
  std::uint64_t network = 0;  ///< hashes of the groups' names
  std::uint64_t host = 0;
  std::uint64_t path = 0;
};

class FailureSamples {
 public:
  static constexpr std::size_t kMost = 100'000;

  void add(const FailureSample& sample) {
    ++seen_;
    if (samples_.size() < kMost) {
      samples_.push_back(sample);
    } else if (const std::uint64_t at = random_() % seen_; at < kMost) {
      samples_[at] = sample;  // reservoir sampling: each has the same chance to stay
    }
  }
  const std::vector<FailureSample>& all() const noexcept { return samples_; }
  bool is_complete() const noexcept { return seen_ == samples_.size(); }

 private:
  std::vector<FailureSample> samples_;
  std::uint64_t seen_ = 0;
  std::mt19937_64 random_{1};
};

}  // namespace connfate::cli::report

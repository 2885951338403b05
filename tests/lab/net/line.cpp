// SPDX-License-Identifier: Apache-2.0
#include "lab/net/line.hpp"

#include <algorithm>

namespace connfate::lab {

using std::chrono::microseconds;

void Line::set(const Impairment& impairment) {
  impairment_ = impairment;
  random_.seed(static_cast<std::minstd_rand::result_type>(impairment.seed));
}

Line::Arrivals Line::carry(std::uint16_t client_port, Instant now) {
  const Instant due = now + impairment_.delay;
  if (client_port == 0 || client_port < impairment_.from_client_port) return {in_order(due)};
  if (happens(impairment_.loss)) {
    ++counts_.lost;
    return {};
  }
  if (happens(impairment_.reorder)) {
    ++counts_.reordered;
    return {due + impairment_.held_back};
  }
  std::uniform_int_distribution<microseconds::rep> jitter(0, impairment_.jitter.count());
  const Instant arrival = in_order(due + microseconds(jitter(random_)));
  if (!happens(impairment_.duplicate)) return {arrival};
  ++counts_.duplicated;
  return {arrival, arrival};
}

bool Line::happens(double probability) {
  return probability > 0 && std::bernoulli_distribution(probability)(random_);
}

Line::Instant Line::in_order(Instant due) {
  last_ = std::max(last_, due);
  return last_;
}

}  // namespace connfate::lab

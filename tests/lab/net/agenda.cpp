// SPDX-License-Identifier: Apache-2.0
#include "lab/net/agenda.hpp"

#include <utility>

namespace connfate::lab {

void Agenda::at(Instant when, std::function<void()> act) {
  const bool is_next = acts_.empty() || when < acts_.begin()->first;
  acts_.emplace(when, std::move(act));
  if (is_next) wait();
}

void Agenda::wait() {
  timer_.expires_at(acts_.begin()->first);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) act_now();
  });
}

void Agenda::act_now() {
  const Instant now = std::chrono::steady_clock::now();
  while (!acts_.empty() && acts_.begin()->first <= now) {
    const auto act = std::move(acts_.begin()->second);
    acts_.erase(acts_.begin());
    act();
  }
  if (!acts_.empty()) wait();
}

}  // namespace connfate::lab

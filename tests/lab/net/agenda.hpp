// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Agenda: what a cable's thread has to do later, in the order of the instants, and of
// their making where these are equal. One timer, to some 0.1 ms.

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <map>

namespace connfate::lab {

class Agenda {
 public:
  using Instant = std::chrono::steady_clock::time_point;

  explicit Agenda(boost::asio::io_context& context) : timer_(context) {}

  void at(Instant when, std::function<void()> act);
  bool empty() const { return acts_.empty(); }

 private:
  void wait();
  void act_now();

  boost::asio::steady_timer timer_;
  std::multimap<Instant, std::function<void()>> acts_;
};

}  // namespace connfate::lab

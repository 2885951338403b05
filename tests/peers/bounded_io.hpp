// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides one asynchronous operation run to its end in the calling thread, with a deadline.
// Internal to connection.cpp: includes Asio.

#include <algorithm>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>

namespace connfate::peers {

class BoundedIo {
 public:
  struct Outcome {
    boost::system::error_code error{};  ///< operation_aborted: the deadline, or interrupt()
    std::size_t bytes = 0;
  };

  boost::asio::ip::tcp::socket& socket() { return socket_; }
  bool is_interrupted() const { return interrupted_; }

  /// From any thread: ends the operation under way, and every later one at once.
  void interrupt() {
    interrupted_ = true;
    context_.stop();
  }

  /// `start` is given the completion handler of one operation on the socket.
  template <class Start>
  Outcome perform(Start start, std::chrono::milliseconds timeout) {
    context_.restart();  // before the look at the flag: a later interrupt() is seen by run_for()
    if (interrupted_) return {boost::asio::error::operation_aborted, 0};
    Outcome outcome;
    bool done = false;
    start([&](const boost::system::error_code& error, std::size_t bytes = 0) {
      outcome = {error, bytes};
      done = true;
    });
    context_.run_for(std::max(timeout, std::chrono::milliseconds(1)));
    boost::system::error_code ignored;
    if (!done) socket_.cancel(ignored);
    while (!done) {
      context_.restart();
      context_.run();
    }
    return outcome;
  }

 private:
  boost::asio::io_context context_;
  boost::asio::ip::tcp::socket socket_{context_};
  std::atomic<bool> interrupted_ = false;
};

}  // namespace connfate::peers

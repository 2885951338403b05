// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Readable: takes turns at a descriptor whenever it is readable. A turn reads a bounded
// batch and returns, so that other descriptors get theirs; what is left makes the next turn.
// Used by the service, one per source. The descriptor stays the source's own.

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <functional>
#include <utility>

namespace connfate::witness {

class Readable {
 public:
  /// `turn` returns false when there are to be no more turns until resume().
  using Turn = std::function<bool()>;

  Readable(boost::asio::io_context& context, int fd, Turn turn)
      : descriptor_(context, fd), turn_(std::move(turn)) {
    wait();
  }
  ~Readable() { descriptor_.release(); }
  Readable(const Readable&) = delete;
  Readable& operator=(const Readable&) = delete;

  void resume() {
    if (!waits_) wait();
  }

 private:
  void wait() {
    waits_ = true;
    descriptor_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                           [this](const boost::system::error_code& error) {
                             if (error) return;  // released: `this` may be gone
                             waits_ = false;
                             if (turn_()) wait();
                           });
  }

  boost::asio::posix::stream_descriptor descriptor_;
  Turn turn_;
  bool waits_ = false;
};

}  // namespace connfate::witness

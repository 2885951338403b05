// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides QueueSource: how many packets the queues (tc) of this network namespace have dropped so
// far, asked of the kernel by rtnetlink, once a second. Needs no privilege. Used by the intake.
// Surprising: a queue with classes counts a drop that its class counts, too.
// Failure: std::system_error; a kernel without queueing disciplines has dropped nothing.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "witness/sources/sock_diag.hpp"

namespace connfate::witness {

class QueueSource {
 public:
  QueueSource();

  std::uint64_t read_drops();

 private:
  void ask();
  bool read_answer(std::uint64_t& drops);  ///< false after the last

  Netlink socket_;
  std::vector<std::byte> buffer_;
  std::uint32_t sequence_ = 0;
};

}  // namespace connfate::witness

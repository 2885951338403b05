// SPDX-License-Identifier: Apache-2.0
// observe(): a response whose end the server's last layer has, and the kernel perhaps not.
#include <gtest/gtest.h>

#include "connfate/observation.hpp"
#include "unit/fake_kernel.hpp"

namespace connfate {
namespace {

namespace tcpi = fixture::tcpi;

/// The kernel has 4000 bytes, all acknowledged; the response ends at `end`.
Fate fate_of_one_that_ends_at(std::uint64_t end) {
  fixture::FakeKernel kernel;
  kernel->info->set(tcpi::kBytesSent, 4000).set(tcpi::kBytesAcked, 4000);
  kernel->output_queue = 0;
  ServerView view;
  view.response_started = view.complete = true;
  view.end_handed_down = Bytes{end};
  Connection connection;
  return observe(7, view, connection, kernel.calls()).verdict.fate;
}

TEST(ObservedEndTest, WhatTheKernelHasIsComplete) {
  EXPECT_EQ(fate_of_one_that_ends_at(4000), Fate::kDelivered);
}

TEST(ObservedEndTest, WhatItNeverGotIsNot) {
  EXPECT_EQ(fate_of_one_that_ends_at(4001), Fate::kServerAbort);
}

}  // namespace
}  // namespace connfate

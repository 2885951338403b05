// SPDX-License-Identifier: Apache-2.0
// Reports that wait for the end of a turn, and then go together.
#include "connfate/report_batch.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <string>
#include <vector>

#include "component/witness_stand_in.hpp"
#include "unit/sample_report.hpp"

namespace connfate {
namespace {

using Lost = std::vector<std::uint64_t>;

class ReportBatchTest : public testing::Test {
 protected:
  std::optional<WitnessSocket::Loss> add() {
    Report report = fixture::full_report();
    return batch_.add(report);
  }

  const fixture::WitnessPlace place_;
  const std::string path_ = place_.socket();
  WitnessSocket socket_{path_};
  ReportBatch batch_{socket_};
};

TEST_F(ReportBatchTest, WhatWasAddedGoesInOneDatagram) {
  const fixture::WitnessStandIn witness(path_);
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(add());
  EXPECT_EQ(witness.next_datagram(), Lost{}) << "not before the end of the turn";
  EXPECT_FALSE(batch_.flush());
  EXPECT_EQ(witness.next_datagram(), (Lost{0, 0, 0}));
}

TEST_F(ReportBatchTest, NothingIsSentTwice) {
  const fixture::WitnessStandIn witness(path_);
  add();
  EXPECT_FALSE(batch_.flush());
  EXPECT_FALSE(batch_.flush());
  EXPECT_EQ(witness.next_datagram().size(), 1U);
  EXPECT_EQ(witness.next_datagram(), Lost{});
}

TEST_F(ReportBatchTest, AFullOneIsSentAtOnce) {
  const fixture::WitnessStandIn witness(path_);
  std::size_t added = 0;
  std::size_t arrived = 0;
  while (arrived == 0) {
    ASSERT_LT(added, kDatagramSize);
    ASSERT_FALSE(add());
    ++added;
    arrived = witness.next_datagram().size();
  }
  EXPECT_EQ(arrived, added - 1) << "the last one did not fit any more";
  EXPECT_GT(arrived, 10U);
  EXPECT_FALSE(batch_.flush());
  EXPECT_EQ(witness.next_datagram().size(), 1U);
}

TEST_F(ReportBatchTest, EveryReportOfALostDatagramIsCounted) {
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(add());
  const auto loss = batch_.flush();
  ASSERT_TRUE(loss);
  EXPECT_EQ(loss->code, ENOENT);
  EXPECT_EQ(loss->lost, 3U);
}

}  // namespace
}  // namespace connfate

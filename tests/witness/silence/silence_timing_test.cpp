// SPDX-License-Identifier: Apache-2.0
#include "witness/silence/silence_timing.hpp"

#include <gtest/gtest.h>

#include "witness/repetitions.hpp"

namespace connfate::witness {
namespace {

using namespace wire;
using std::chrono::milliseconds;

Silence repeated(std::uint8_t times, milliseconds rto) {
  Silence s = three_repetitions();
  s.snapshot.retransmits = times;
  s.snapshot.rto = rto;
  s.snapshot.last_data_sent = rto;
  return s;
}

TEST(SilenceTimingTest, TheFirstTimeFollowsFromTheLast) {
  const auto timing = timing_of(three_repetitions());
  ASSERT_TRUE(timing);
  EXPECT_EQ(timing->first_sent, at(800));
  EXPECT_EQ(timing->base_rto, milliseconds(200));
  EXPECT_FALSE(timing->is_later);
}

TEST(SilenceTimingTest, ATimeoutThatDidNotDoubleEachTimeMakesItLater) {
  EXPECT_TRUE(timing_of(repeated(5, milliseconds(816)))->is_later) << "ICMP undid the back-off";
  EXPECT_TRUE(timing_of(repeated(9, milliseconds(120'000)))->is_later) << "TCP_RTO_MAX";
  EXPECT_FALSE(timing_of(repeated(9, milliseconds(102'400)))->is_later);
}

TEST(SilenceTimingTest, ATimeSinceThenIsALowerBoundToo) {
  SilenceTiming timing;
  timing.first_sent = at(800);
  EXPECT_EQ(since_first_sent(timing, at(2400)), "1.6 s");
  timing.is_later = true;
  EXPECT_EQ(since_first_sent(timing, at(2400)), "at least 1.6 s");
}

}  // namespace
}  // namespace connfate::witness

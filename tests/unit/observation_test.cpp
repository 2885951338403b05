// SPDX-License-Identifier: Apache-2.0
// observe(): responses one after another on a connection whose kernel is played by FakeKernel.
#include "connfate/observation.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <random>

#include "unit/fake_kernel.hpp"

namespace connfate {
namespace {

using fixture::FakeKernel;
using std::chrono::microseconds;
namespace tcpi = fixture::tcpi;

static_assert(noexcept(observe(0, ServerView{}, std::declval<Connection&>())));
static_assert(std::is_trivially_destructible_v<Observation>);
static_assert(std::is_trivially_destructible_v<Evidence>);
static_assert(std::is_trivially_copyable_v<ServerView>);

class ObservationTest : public testing::Test {
 protected:
  /// The stream so far: `written` bytes, of which the client acknowledged `acked`.
  void stream(std::uint64_t written, std::uint64_t acked) {
    const std::uint64_t open = written - acked;
    kernel_->info->set(tcpi::kBytesSent, written).set(tcpi::kBytesAcked, acked);
    kernel_->info->set(tcpi::kUnacked, (open + 1447) / 1448);
    kernel_->output_queue = static_cast<int>(open);
  }
  void die_with(int code) {
    kernel_->info->set(TcpState::kClose).set(tcpi::kUnacked, 0);
    connection_.first_error.record(Operation::kWrite, code);
  }
  Observation look() { return observe(7, view_, connection_, kernel_.calls()); }

  static ServerView complete() {
    ServerView view;
    view.response_started = view.complete = true;
    return view;
  }

  FakeKernel kernel_;
  Connection connection_;
  ServerView view_ = complete();
};

TEST_F(ObservationTest, ADeliveredResponse) {
  stream(4000, 4000);
  const Observation o = look();
  EXPECT_EQ(o.verdict.fate, Fate::kDelivered);
  EXPECT_EQ(o.evidence.start, Bytes{0});
  EXPECT_EQ(o.evidence.end, Bytes{4000});
  EXPECT_EQ(o.written, Bytes{4000});
  EXPECT_EQ(o.acked, Bytes{4000});
  EXPECT_EQ(o.unacked, Bytes{0});
  EXPECT_EQ(o.notsent, Bytes{0});
}

TEST_F(ObservationTest, ResponsesPartitionTheStream) {
  Bytes previous{};
  for (std::uint64_t i = 1; i <= 100; ++i) {
    stream(i * 70'000, i * 70'000 - i * 100);
    const Observation o = look();
    EXPECT_EQ(o.evidence.start, previous);
    EXPECT_EQ(o.written, Bytes{70'000});
    EXPECT_EQ(*o.acked + *o.unacked, *o.written);
    previous = *o.evidence.end;
  }
  EXPECT_EQ(previous, Bytes{7'000'000});
}

TEST_F(ObservationTest, RandomWalksKeepTheSums) {
  std::mt19937_64 random(20260101);
  std::uint64_t written = 0;
  std::uint64_t acked = 0;
  for (int i = 0; i < 2000; ++i) {
    const std::uint64_t start = written;
    written += random() % 1'000'000;
    acked += random() % (written - acked + 1);
    stream(written, acked);
    const Observation o = look();
    ASSERT_EQ(o.evidence.start, Bytes{start});
    ASSERT_EQ(*o.evidence.end - *o.evidence.start, *o.written);
    ASSERT_EQ(*o.acked + *o.unacked, *o.written);
    ASSERT_EQ(o.verdict.fate, acked == written ? Fate::kDelivered : Fate::kPending);
  }
}

// Seen on httpd, where the RST came 70 us after the response: ESTABLISHED, nothing in flight.
TEST_F(ObservationTest, ASnapshotTornByARstIsNoDelivery) {
  stream(1444, 1232);
  kernel_->info->set(tcpi::kUnacked, 0);
  kernel_->info_after_queue = kernel_->info;
  kernel_->info_after_queue->set(TcpState::kClose);
  const Observation o = look();
  EXPECT_EQ(o.verdict.fate, Fate::kRstReceived);
  EXPECT_EQ(o.evidence.end, Bytes{1444});
  EXPECT_EQ(o.unacked, Bytes{212});
}

TEST_F(ObservationTest, ATornSnapshotOfAConnectionThatHasRetransmittedIsPending) {
  stream(1000, 1000);
  kernel_->info->set(tcpi::kTotalRetrans, 1);
  look();
  stream(1444, 1232);
  kernel_->info->set(tcpi::kUnacked, 0);
  EXPECT_EQ(look().verdict.fate, Fate::kPending);
}

TEST_F(ObservationTest, AcksOfTheResponseBeforeAreNotThisOnes) {
  stream(4000, 1000);
  look();
  stream(5000, 3000);
  const Observation o = look();
  EXPECT_EQ(o.acked, Bytes{0});
  EXPECT_EQ(o.unacked, Bytes{1000});
}

// On a connection that has retransmitted, acknowledgements arrive between the two system calls.
TEST_F(ObservationTest, AnAcknowledgementBetweenTheTwoCallsMovesNoEnd) {
  stream(4000, 1000);
  kernel_->info->set(tcpi::kBytesSent, 4100).set(tcpi::kBytesRetrans, 100);
  kernel_->info->set(tcpi::kTotalRetrans, 1);
  kernel_->info_after_queue = kernel_->info;
  kernel_->info_after_queue->set(tcpi::kBytesAcked, 3000).set(tcpi::kUnacked, 1);
  EXPECT_EQ(look().evidence.end, Bytes{4000}) << "the first retransmission of the connection";

  kernel_->info->set(tcpi::kBytesSent, 8100).set(tcpi::kBytesAcked, 4000).set(tcpi::kUnacked, 3);
  kernel_->output_queue = 4000;
  kernel_->info_after_queue = kernel_->info;
  kernel_->info_after_queue->set(tcpi::kBytesAcked, 6000).set(tcpi::kUnacked, 2);
  const Observation partly = look();
  EXPECT_EQ(partly.evidence.end, Bytes{8000});
  EXPECT_EQ(partly.written, Bytes{4000});
  EXPECT_EQ(partly.verdict.fate, Fate::kPending);

  kernel_->info->set(tcpi::kBytesSent, 9100).set(tcpi::kBytesAcked, 8000).set(tcpi::kUnacked, 1);
  kernel_->output_queue = 1000;
  kernel_->info_after_queue = kernel_->info;
  kernel_->info_after_queue->set(tcpi::kBytesAcked, 9000).set(tcpi::kUnacked, 0);
  const Observation wholly = look();
  EXPECT_EQ(wholly.evidence.start, Bytes{8000});
  EXPECT_EQ(wholly.evidence.end, Bytes{9000});
  EXPECT_EQ(wholly.verdict.fate, Fate::kDelivered);
}

TEST_F(ObservationTest, NotsentCountsOnlyThisResponse) {
  stream(4000, 1000);
  look();
  stream(4000, 1000);
  kernel_->info->set(tcpi::kNotsent, 1500).set(tcpi::kBytesSent, 3500);
  EXPECT_EQ(look().notsent, Bytes{1000}) << "500 of the 1500 belong to the response before";
}

TEST_F(ObservationTest, NotsentLeavesOurQueuedFinOut) {
  stream(4000, 1000);
  kernel_->info->set(TcpState::kFinWait1).set(tcpi::kBytesSent, 3900).set(tcpi::kNotsent, 101);
  view_.write_shut_down = true;
  const Observation o = look();
  EXPECT_EQ(o.evidence.end, Bytes{4000});
  EXPECT_EQ(o.notsent, Bytes{100});
}

/// BUG in core: notsent keeps our FIN in CLOSE too (s26a), where it is not taken out.
TEST_F(ObservationTest, NotsentLeavesOurQueuedFinOutAfterDeath) {
  stream(4000, 1000);
  kernel_->info->set(tcpi::kBytesSent, 3000).set(tcpi::kNotsent, 1001);
  kernel_->output_queue = 3001;
  view_.write_shut_down = true;
  die_with(ECONNRESET);
  const Observation o = look();
  EXPECT_EQ(o.evidence.end, Bytes{4000});
  EXPECT_EQ(o.notsent, Bytes{1000});
}

TEST_F(ObservationTest, CountersBeyondFourGiB) {
  constexpr std::uint64_t kFiveGiB = 5ULL << 30;
  stream(kFiveGiB, kFiveGiB);
  look();
  stream(2 * kFiveGiB, 2 * kFiveGiB - 1448);
  const Observation o = look();
  EXPECT_EQ(o.written, Bytes{kFiveGiB});
  EXPECT_EQ(o.acked, Bytes{kFiveGiB - 1448});
  EXPECT_EQ(o.verdict.fate, Fate::kPending);
}

TEST_F(ObservationTest, DeltasBeginWhereTheResponseBeforeEnded) {
  kernel_->info->set(tcpi::kTotalRetrans, 5).set(tcpi::kBusyTime, 900);
  kernel_->info->set(tcpi::kRwndLimited, 300).set(tcpi::kSndbufLimited, 100);
  look();
  kernel_->info->set(tcpi::kTotalRetrans, 7).set(tcpi::kBusyTime, 1000);
  kernel_->info->set(tcpi::kRwndLimited, 380).set(tcpi::kSndbufLimited, 110);
  const Observation o = look();
  EXPECT_EQ(o.retrans, Segments{2});
  EXPECT_EQ(o.busy, microseconds(100));
  EXPECT_EQ(o.rwnd_limited, microseconds(80));
  EXPECT_EQ(o.sndbuf_limited, microseconds(10));
  EXPECT_EQ(o.evidence.rwnd_limited, microseconds(80)) << "the rules see the same";
}

TEST_F(ObservationTest, ASkippedResponseMakesTheNextOneSayNothingOfItsStart) {
  stream(4000, 4000);
  connection_.skip_response();
  const Observation first = look();
  EXPECT_FALSE(first.evidence.start || first.written || first.acked || first.retrans || first.busy);
  EXPECT_EQ(first.verdict.fate, Fate::kDelivered);
  stream(9000, 9000);
  EXPECT_EQ(look().written, Bytes{5000}) << "the one after is known again";
}

TEST_F(ObservationTest, ASharedStreamTellsItsEndOnly) {
  stream(4000, 3000);
  view_.shared_stream = true;
  const Observation o = look();
  EXPECT_FALSE(o.evidence.start || o.retrans || o.busy || o.rwnd_limited || o.sndbuf_limited);
  EXPECT_EQ(o.evidence.end, Bytes{4000});
  EXPECT_EQ(o.written, Bytes{4000});
  EXPECT_EQ(o.verdict.fate, Fate::kPending);
}

TEST_F(ObservationTest, FramesWrittenAfterAStreamsEndDoNotCount) {
  stream(4000, 3000);
  view_.shared_stream = true;
  view_.end_limit = Bytes{3000};
  const Observation o = look();
  EXPECT_EQ(o.evidence.end, Bytes{3000});
  EXPECT_EQ(o.verdict.fate, Fate::kDelivered);
}

TEST_F(ObservationTest, AStreamsEndThatTheKernelDoesNotHaveYetIsUnknown) {
  stream(4000, 4000);
  view_.shared_stream = view_.end_ahead = true;
  const Observation o = look();
  EXPECT_FALSE(o.evidence.end || o.written || o.acked);
  EXPECT_EQ(o.verdict.fate, Fate::kPending);
}

TEST_F(ObservationTest, NotsentEndsWhereTheStreamEnded) {
  stream(4000, 2000);
  kernel_->info->set(tcpi::kBytesSent, 3500).set(tcpi::kNotsent, 500);
  view_.shared_stream = true;
  view_.end_limit = Bytes{3000};
  const Observation o = look();
  EXPECT_EQ(o.unacked, Bytes{1000});
  EXPECT_EQ(o.notsent, Bytes{0});
}

TEST_F(ObservationTest, TheFirstErrorDecidesAfterDeath) {
  stream(4000, 1000);
  die_with(ECONNRESET);
  connection_.first_error.record(Operation::kWrite, EPIPE);
  const Observation o = look();
  EXPECT_EQ(o.verdict.rule->id, "rst-before-ack");
  EXPECT_EQ(o.written, Bytes{4000});
  EXPECT_EQ(o.acked, Bytes{1000});
}

TEST_F(ObservationTest, IdentityComesFromTheConnection) {
  connection_.cookie = 0xfeed;
  connection_.ttl = 52;
  const Observation o = look();
  EXPECT_EQ(o.cookie, 0xfeedU);
  EXPECT_EQ(o.ttl, 52);
  EXPECT_EQ(kernel_->cookie_calls + kernel_->ttl_calls, 0);
}

TEST_F(ObservationTest, OneTcpInfoAndNoOutputQueueWhenTheSnapshotIsExact) {
  for (const std::uint64_t acked : {0U, 1000U, 4000U}) {
    stream(4000, acked);
    look();
  }
  EXPECT_EQ(kernel_->info_calls, 3);
  EXPECT_EQ(kernel_->queue_calls, 0);
  EXPECT_EQ(kernel_->other_calls, 0);
}

TEST_F(ObservationTest, OneOutputQueueAndOnceASecondSnapshot) {
  stream(4000, 1000);
  kernel_->info->set(tcpi::kBytesRetrans, 1448).set(tcpi::kBytesSent, 5448);
  kernel_->info->set(tcpi::kTotalRetrans, 1);
  EXPECT_EQ(look().evidence.end, Bytes{4000});
  EXPECT_EQ(kernel_->info_calls, 2) << "the first retransmission of the connection";
  EXPECT_EQ(kernel_->queue_calls, 1);
  stream(8000, 4000);
  kernel_->info->set(tcpi::kBytesSent, 9448);
  EXPECT_EQ(look().evidence.end, Bytes{8000});
  EXPECT_EQ(kernel_->info_calls, 3) << "from then on the queue is read first";
  EXPECT_EQ(kernel_->queue_calls, 2);
}

TEST_F(ObservationTest, NoTcpNoSystemCall) {
  for (const Transport transport : {Transport::kQuic, Transport::kOther}) {
    view_.transport = transport;
    const Observation o = look();
    EXPECT_EQ(o.verdict.fate, Fate::kUnknown);
    EXPECT_FALSE(o.evidence.snapshot || o.evidence.end || o.written);
  }
  EXPECT_EQ(kernel_->info_calls + kernel_->queue_calls, 0);
}

TEST_F(ObservationTest, AFailedLookIsUnknownAndForgetsTheBaseline) {
  kernel_->info.reset();
  EXPECT_EQ(look().verdict.rule->id, "no-tcp-info");
  EXPECT_FALSE(connection_.baseline);
}

struct OldKernelRow {
  std::size_t length;
  bool knows_bytes;
  bool knows_notsent;
};

TEST_F(ObservationTest, OldKernelsLeaveOutWhatTheyDoNotKnow) {
  for (const OldKernelRow& row :
       {OldKernelRow{fixture::kLinux30, false, false}, OldKernelRow{fixture::kLinux41, true, false},
        OldKernelRow{fixture::kLinux46, true, true},
        OldKernelRow{fixture::kLinux419, true, true}}) {
    connection_ = Connection{};
    stream(4000, 1000);
    kernel_->info->set_length(row.length);
    const Observation o = look();
    EXPECT_EQ(o.written.has_value(), row.knows_bytes) << row.length;
    EXPECT_EQ(o.notsent.has_value(), row.knows_notsent) << row.length;
    EXPECT_EQ(o.verdict.fate, Fate::kPending) << row.length;
  }
}

TEST_F(ObservationTest, TheOldestKernelTellsDeliveryByAnEmptyOutputQueue) {
  stream(4000, 4000);
  kernel_->info->set_length(fixture::kLinux30);
  EXPECT_EQ(look().verdict.fate, Fate::kDelivered);
  kernel_->output_queue.reset();
  EXPECT_EQ(look().verdict.rule->id, "acks-unknown");
}

}  // namespace
}  // namespace connfate

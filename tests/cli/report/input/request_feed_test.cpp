// SPDX-License-Identifier: Apache-2.0
// Which requests are counted, and with whose word on their fate.
#include "cli/report/input/request_feed.hpp"

#include <gtest/gtest.h>

#include "cli/report/lines.hpp"

namespace connfate::cli::report {
namespace {

TEST(RequestFeedTest, every_line_is_in_one_count) {
  Counted counted;
  counted.take(line_of({}));
  counted.take("192.0.2.1 - - [24/Nov/2026:07:59:18 +0000] \"GET / HTTP/1.1\" 200 5");
  counted.take("\x1b[31mrubbish");
  counted.take(R"({"event":"loss","v":1})");
  counted.take(witness_line("ack_timeout", "peer"));
  const LineCounts& lines = counted.feed().counts();
  EXPECT_EQ(lines.total, 5U);
  EXPECT_EQ(lines.requests + lines.without_fate + lines.unparsable + lines.daemon + lines.witness,
            5U);
  ASSERT_EQ(lines.samples.size(), 1U);
  EXPECT_EQ(lines.samples[0].text, "\\x1b[31mrubbish");
  EXPECT_EQ(lines.samples[0].line, 3U);
}

/// Servers, witness and command are updated one after the other.
TEST(RequestFeedTest, a_fate_of_a_later_version_is_unknown_and_said_to_be_so) {
  const std::string head = "192.0.2.1 - - [24/Nov/2026:07:59:18 +0000] \"GET / HTTP/1.1\" 200 5 ";
  Counted counted;
  counted.take(head + "fate=mislaid by=peer phase=sending close=rst rule=moon-was-full v=1");
  counted.take(R"({"uri":"/","status":"200","fate":"mislaid","rule":"moon-was-full"})");
  counted.take(witness_line("mislaid", "peer"));
  counted.take(R"({"uri":"/","status":"200","fate":"approved"})");      // of another program
  counted.take(R"({"uri":"/","status":"200","fate":"-","rule":"-"})");  // connfate was off
  const LineCounts& lines = counted.feed().counts();
  EXPECT_EQ(lines.requests, 2U);
  EXPECT_EQ(lines.witness, 1U);
  EXPECT_EQ(lines.without_fate, 2U);
  EXPECT_EQ(lines.later_fates, 3U);
  EXPECT_EQ(lines.unparsable, 0U);
  EXPECT_EQ(counted.report().fates[Fate::kUnknown], 2U);
}

TEST(RequestFeedTest, the_witness_has_the_last_word) {
  Counted counted;
  counted.learn(witness_line("rst_received", "path"));
  counted.take(line_of({}));
  const Summary summary = counted.report();
  EXPECT_EQ(summary.fates[Fate::kRstReceived], 1U);
  EXPECT_EQ(summary.by[static_cast<std::size_t>(By::kPath)], 1U);
  EXPECT_EQ(summary.joined, 1U);
  EXPECT_EQ(summary.changed_by_witness[Fate::kPending], 1U);
}

TEST(RequestFeedTest, in_progress_is_replaced_by_the_final_line_and_not_the_other_way) {
  const std::string in_progress =
      witness_line("ack_stalled", "peer", R"("final":false,"reason":"in_progress")");
  Counted counted;
  counted.learn(in_progress);
  counted.learn(witness_line("ack_timeout", "peer"));
  counted.learn(in_progress);
  counted.take(line_of({}));
  EXPECT_EQ(counted.report().fates[Fate::kAckTimeout], 1U);
}

TEST(RequestFeedTest, the_same_cookie_of_another_time_is_another_host) {
  Counted counted;
  counted.learn(witness_line("rst_received", "path"));
  counted.take(line_of({.time = "24/Nov/2026:08:00:05"}));
  const Summary summary = counted.report();
  EXPECT_EQ(summary.fates[Fate::kPending], 1U);
  EXPECT_EQ(summary.verdicts_unused, 1U);
}

TEST(RequestFeedTest, httpd_logs_when_the_request_came_and_the_witness_when_it_was_logged) {
  for (const char* seconds : {"10.500", "-"}) {
    Counted counted;
    counted.learn(witness_line("rst_received", "path"));
    counted.take(line_of({.time = "24/Nov/2026:07:59:50", .seconds = seconds}));
    EXPECT_EQ(counted.report().fates[Fate::kRstReceived], 1U) << seconds;
  }
}

TEST(RequestFeedTest, another_response_of_the_connection_is_not_joined) {
  Counted counted;
  counted.learn(witness_line("rst_received", "path"));
  counted.take(line_of({.more = "written=500 end=1000 cookie=0000000000000001"}));
  EXPECT_EQ(counted.report().joined, 0U);
}

TEST(RequestFeedTest, a_request_waits_for_the_witness) {
  Counted counted({.wait = true});
  counted.take(line_of({}));
  counted.take(line_of({.more = "written=9 end=9 cookie=0000000000000002"}));
  EXPECT_EQ(counted.aggregate().fates.total(), 0U);
  counted.take(witness_line("rst_received", "path"));
  EXPECT_EQ(counted.aggregate().fates[Fate::kRstReceived], 1U);
  FateCounts now;
  counted.feed().give_waiting([&now](const Request& request) { ++now[request.fate]; });
  EXPECT_EQ(now[Fate::kPending], 1U);
  EXPECT_EQ(now.total(), 1U);
  EXPECT_EQ(counted.report().fates.total(), 2U);
}

TEST(RequestFeedTest, a_full_waiting_room_gives_the_oldest_as_it_stands) {
  Counted counted({.wait = true});
  for (std::size_t i = 0; i < RequestFeed::kMostWaiting + 10; ++i) counted.take(line_of({}));
  EXPECT_EQ(counted.aggregate().fates.total(), 10U);
}

TEST(RequestFeedTest, without_an_access_log_the_witness_lines_are_the_requests) {
  Counted counted({.witness_only = true});
  counted.take(witness_line("ack_stalled", "peer", R"("final":false,"reason":"in_progress")"));
  counted.take(witness_line("ack_timeout", "peer"));
  const Summary summary = counted.report();
  EXPECT_EQ(summary.fates.total(), 1U);
  EXPECT_EQ(summary.fates[Fate::kAckTimeout], 1U);
}

TEST(RequestFeedTest, a_stream_may_hold_lines_of_the_witness_only) {
  Counted counted({.wait = true});
  counted.take(witness_line("ack_timeout", "peer"));
  EXPECT_EQ(counted.aggregate().fates.total(), 0U);
  const Summary summary = counted.report();
  EXPECT_EQ(summary.fates[Fate::kAckTimeout], 1U);
  EXPECT_TRUE(summary.witness_only);
  EXPECT_EQ(summary.verdicts_unused, 0U);
}

TEST(RequestFeedTest, a_stream_may_begin_with_the_witness) {
  Counted counted({.wait = true});
  counted.take(witness_line("ack_timeout", "peer"));
  counted.take(line_of({}));
  const Summary summary = counted.report();
  EXPECT_EQ(summary.fates.total(), 1U);
  EXPECT_EQ(summary.joined, 1U);
  EXPECT_FALSE(summary.witness_only);
}

/// Anybody who may report can report of a socket that never was.
TEST(RequestFeedTest, a_claim_that_no_kernel_confirms_is_counted_and_joined_to_nothing) {
  const std::string claim =
      witness_line("client_abort", "client", R"("final":false,"reason":"no_such_socket")");
  for (const bool witness_only : {false, true}) {
    Counted counted({.witness_only = witness_only});
    counted.take(claim);
    if (!witness_only) counted.take(line_of({}));
    const Summary summary = counted.report();
    EXPECT_EQ(summary.lines.witness_unverified, 1U);
    EXPECT_EQ(summary.fates[Fate::kClientAbort], 0U);
    EXPECT_EQ(summary.joined, 0U);
  }
}

TEST(RequestFeedTest, connections_without_a_request_are_counted_apart) {
  Counted counted;
  counted.take(
      R"({"event":"connection","time":"2026-11-24T08:00:00Z","fate":"rst_received","final":true})");
  EXPECT_EQ(counted.report().fates.total(), 0U);
  EXPECT_EQ(counted.report().lines.connections[Fate::kRstReceived], 1U);
}

TEST(RequestFeedTest, the_period_and_the_one_before) {
  RequestFeed::Options options;
  const log::LogTime since = *log::parse_log_time("2026-11-24T08:00:00Z");
  options.filter.since = since;
  options.filter.before_from = since - std::chrono::hours(1);
  Counted counted(options);
  counted.take(line_of({.fate = "rst_received", .by = "peer"}));
  counted.take(line_of({.time = "24/Nov/2026:07:30:00"}));
  counted.take(line_of({.time = "24/Nov/2026:06:30:00"}));
  counted.take("fate=delivered v=1");
  const Summary summary = counted.report({.compares_periods = true});
  EXPECT_EQ(summary.fates.total(), 1U);
  EXPECT_EQ(summary.lines.out_of_period, 2U);
  EXPECT_EQ(summary.lines.no_time_for_period, 1U);
  ASSERT_FALSE(summary.changes.empty());
  EXPECT_EQ(summary.changes[0].before_of, 1U);
}

}  // namespace
}  // namespace connfate::cli::report

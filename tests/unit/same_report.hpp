// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides expect_same(): two reports say the same, member by member.

#include <gtest/gtest.h>

#include "connfate/report.hpp"
#include "unit/snapshot_text.hpp"

namespace connfate::fixture {

inline void expect_same(const ServerView& a, const ServerView& b) {
  EXPECT_EQ(a.transport, b.transport);
  constexpr bool ServerView::*kFlags[] = {
      &ServerView::ended,       &ServerView::request_received,  &ServerView::response_started,
      &ServerView::complete,    &ServerView::request_timed_out, &ServerView::timed_out,
      &ServerView::peer_closed, &ServerView::fin_seen,          &ServerView::write_shut_down,
      &ServerView::tunnel,      &ServerView::shared_stream,     &ServerView::stream_reset,
      &ServerView::reset_here,  &ServerView::goodbye_seen,      &ServerView::end_hidden};
  for (const auto flag : kFlags) EXPECT_EQ(a.*flag, b.*flag);
  EXPECT_EQ(a.reset_code, b.reset_code);
  EXPECT_EQ(a.end_limit, b.end_limit);
  EXPECT_EQ(a.bytes_taken, b.bytes_taken);
}

inline void expect_same(const Evidence& a, const Evidence& b) {
  expect_same(a.view, b.view);
  ASSERT_EQ(a.snapshot.has_value(), b.snapshot.has_value());
  if (a.snapshot) {
    EXPECT_EQ(text_of(*a.snapshot), text_of(*b.snapshot));
  }
  ASSERT_EQ(a.error.has_value(), b.error.has_value());
  if (a.error) {
    EXPECT_EQ(a.error->code, b.error->code);
    EXPECT_EQ(a.error->operation, b.error->operation);
  }
  EXPECT_EQ(a.output_queue, b.output_queue);
  EXPECT_EQ(a.refused, b.refused);
  EXPECT_EQ(a.written_to, b.written_to);
  EXPECT_EQ(a.start, b.start);
  EXPECT_EQ(a.end, b.end);
  EXPECT_EQ(a.busy, b.busy);
  EXPECT_EQ(a.rwnd_limited, b.rwnd_limited);
}

inline void expect_same(const Observation& a, const Observation& b) {
  EXPECT_EQ(a.verdict.fate, b.verdict.fate);
  EXPECT_EQ(a.verdict.by, b.verdict.by);
  EXPECT_EQ(a.verdict.phase, b.verdict.phase);
  EXPECT_EQ(a.verdict.close, b.verdict.close);
  EXPECT_EQ(a.verdict.rule, b.verdict.rule);
  expect_same(a.evidence, b.evidence);
  for (const auto bytes :
       {&Observation::written, &Observation::acked, &Observation::unacked, &Observation::notsent}) {
    EXPECT_EQ(a.*bytes, b.*bytes);
  }
  for (const auto time :
       {&Observation::busy, &Observation::rwnd_limited, &Observation::sndbuf_limited}) {
    EXPECT_EQ(a.*time, b.*time);
  }
  EXPECT_EQ(a.retrans, b.retrans);
  EXPECT_EQ(a.cookie, b.cookie);
  EXPECT_EQ(a.ttl, b.ttl);
}

inline void expect_same(const Report& a, const Report& b) {
  EXPECT_EQ(a.logged_at_us, b.logged_at_us);
  EXPECT_EQ(a.flow, b.flow);
  expect_same(a.observation, b.observation);
  for (const auto text : {&Report::rule, &Report::server, &Report::method, &Report::uri,
                          &Report::host, &Report::request_id}) {
    EXPECT_EQ(a.*text, b.*text);
  }
  EXPECT_EQ(a.status, b.status);
  EXPECT_EQ(a.lost, b.lost);
  EXPECT_EQ(a.duration, b.duration);
}

}  // namespace connfate::fixture

// SPDX-License-Identifier: Apache-2.0
// Nobody asked for anything: not one byte of a request, and nothing that shows that one was sent.
#include <gtest/gtest.h>

#include "connfate/rules.hpp"
#include "unit/sample_evidence.hpp"

namespace connfate {
namespace {

using fixture::receive_fin;

/// The server's timer for the request ran out, and the client had said nothing at all.
Evidence silent_client() {
  Evidence e = fixture::incomplete();
  e.view.response_started = false;
  e.view.request_received = false;
  e.view.request_timed_out = true;
  e.view.bytes_before_request = e.view.bytes_taken = Bytes{0};
  e.snapshot->bytes_received = Bytes{0};
  e.snapshot->data_segs_in = 0;
  e.snapshot->segs_out_of_order = 0;
  return e;
}

void expect_no_request(const Evidence& e, Close close) {
  const Verdict verdict = classify(e);
  EXPECT_EQ(verdict.rule->id, "no-request-byte");
  EXPECT_EQ(verdict.fate, Fate::kNoRequest);
  EXPECT_EQ(verdict.by, By::kNobody);
  EXPECT_EQ(verdict.phase, Phase::kRequest);
  EXPECT_EQ(verdict.close, close);
}

void expect_request_timeout(const Evidence& e) {
  EXPECT_EQ(classify(e).rule->id, "request-never-complete");
  EXPECT_EQ(classify(e).fate, Fate::kRequestTimeout);
}

TEST(NoRequestTest, APreconnectAskedForNothing) {
  expect_no_request(silent_client(), Close::kOpen);
}

TEST(NoRequestTest, ATlsHandshakeAndAProxyHeaderAreNoBytesOfARequest) {
  Evidence e = silent_client();
  e.view.bytes_before_request = e.snapshot->bytes_received = Bytes{517};
  e.snapshot->data_segs_in = 2;
  expect_no_request(e, Close::kOpen);
}

TEST(NoRequestTest, TheClientsFinIsNoByteOfARequest) {
  Evidence e = silent_client();
  receive_fin(e);
  expect_no_request(e, Close::kFin);
}

TEST(NoRequestTest, AKernelThatCountsNoSegmentsStillCountsBytes) {
  Evidence e = silent_client();
  e.snapshot->data_segs_in.reset();
  e.snapshot->segs_out_of_order.reset();
  expect_no_request(e, Close::kOpen);
}

TEST(NoRequestTest, OneByteIsARequestThatNeverCompleted) {
  Evidence e = silent_client();
  e.snapshot->bytes_received = Bytes{1};
  expect_request_timeout(e);
  EXPECT_EQ(classify(e).close, Close::kOpen) << "a byte that nobody has read yet is no FIN";
  e.view.bytes_before_request = Bytes{517};
  e.snapshot->bytes_received = Bytes{518};
  expect_request_timeout(e);
}

TEST(NoRequestTest, DataBehindAGapShowsThatARequestWasSent) {
  Evidence e = silent_client();
  e.snapshot->segs_out_of_order = 1;
  expect_request_timeout(e);
}

TEST(NoRequestTest, DataThatTcpDidNotTakeShowsIt) {
  Evidence e = silent_client();
  e.snapshot->data_segs_in = 1;
  expect_request_timeout(e);
}

TEST(NoRequestTest, WhereNobodyCountedNothingIsClaimed) {
  Evidence e = silent_client();
  e.view.bytes_before_request.reset();
  expect_request_timeout(e);
  e = silent_client();
  e.snapshot->bytes_received.reset();
  expect_request_timeout(e);
}

}  // namespace
}  // namespace connfate

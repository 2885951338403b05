// SPDX-License-Identifier: Apache-2.0
// The numbers of a forged packet, from a connection that exists on paper only.
#include "lab/net/forged_headers.hpp"

#include <gtest/gtest.h>

namespace connfate::lab {
namespace {

constexpr MacAddress kClientMac{2, 0, 0, 0, 0, 1};
constexpr MacAddress kServerMac{2, 0, 0, 0, 0, 2};
constexpr MacAddress kOtherMac{2, 0, 0, 0, 0, 3};

/// The client has sent up to 1100, the server up to 5500; each has acknowledged it all.
ConnectionFacts connection() {
  ConnectionFacts facts;
  facts.from_client = {.segments = 3, .next = 1100, .passed = 1100, .ack = 5500, .window = 500};
  facts.from_client.timestamps = {70, 80};
  facts.from_client.ip_id = 300;
  facts.from_client.ttl = 57;
  facts.from_client.mac = kClientMac;
  facts.from_client.next_mac = kServerMac;
  facts.from_server = {.segments = 2, .next = 5500, .passed = 5500, .ack = 1100, .window = 600};
  facts.from_server.timestamps = {81, 70};
  facts.from_server.ip_id = 900;
  facts.from_server.ttl = 64;
  return facts;
}

/// Of the server, with 200 bytes.
Segment response() {
  Segment segment;
  segment.direction = Direction::kToClient;
  segment.seq = 5300;
  segment.payload = 200;
  segment.ip_id = 900;
  segment.window = 600;
  return segment;
}

TEST(ForgedHeaderTest, ByDefaultItIsWhatAFirewallSends) {
  const ForgedHeader header = forged_header({}, connection(), nullptr, 0);
  EXPECT_EQ(header.seq, 1100U);
  EXPECT_EQ(header.ack, 0U);
  EXPECT_EQ(header.ip_id, 0);
  EXPECT_EQ(header.window, 0);
  EXPECT_EQ(header.ttl, 57);
  EXPECT_FALSE(header.timestamps);
  EXPECT_EQ(header.source_mac, kClientMac);
  EXPECT_EQ(header.destination_mac, kServerMac);
}

TEST(ForgedHeaderTest, ItCanContinueTheClient) {
  const Forgery forgery{.kind = ForgedKind::kRstAck,
                        .ip_id = Number::kContinue,
                        .ip_id_value = 1,
                        .window = Number::kContinue,
                        .timestamps = true};
  const ForgedHeader header = forged_header(forgery, connection(), nullptr, 2);
  EXPECT_EQ(header.ack, 5500U);
  EXPECT_EQ(header.ip_id, 303);  // the third of a train
  EXPECT_EQ(header.window, 500);
  ASSERT_TRUE(header.timestamps);
  EXPECT_EQ(header.timestamps->value, 70U);
  EXPECT_EQ(header.timestamps->echo, 81U);
}

TEST(ForgedHeaderTest, ItCanCopyWhatSetItOff) {
  const Segment trigger = response();
  const Forgery forgery{.toward = Direction::kToClient,
                        .sequence = Sequence::kOfTrigger,
                        .ip_id = Number::kOfTrigger,
                        .window = Number::kOfTrigger,
                        .source_mac = kOtherMac};
  const ForgedHeader header = forged_header(forgery, connection(), &trigger, 0);
  EXPECT_EQ(header.seq, 5300U);  // behind what has passed, as some appliances do it
  EXPECT_EQ(header.ip_id, 900);
  EXPECT_EQ(header.window, 600);
  EXPECT_EQ(header.source_mac, kOtherMac);
}

TEST(ForgedHeaderTest, ExactIsWhatTheReceiverExpectsAlsoOfWhatItHasNotAcknowledgedYet) {
  ConnectionFacts facts = connection();
  facts.from_client.next = facts.from_client.passed = 1300;
  EXPECT_EQ(forged_header({}, facts, nullptr, 0).seq, 1300U);
  EXPECT_EQ(forged_header({.sequence = Sequence::kLastAck}, facts, nullptr, 0).seq, 1100U);
}

TEST(ForgedHeaderTest, WhatTheDeviceDroppedIsNotExpected) {
  ConnectionFacts facts = connection();
  facts.from_client.next = 1300;  // and not passed
  EXPECT_EQ(forged_header({}, facts, nullptr, 0).seq, 1100U);
}

TEST(ForgedHeaderTest, SequenceNumbersWrap) {
  ConnectionFacts facts = connection();
  facts.from_client.passed = 0xffff'fff0;
  facts.from_server.ack = 0xffff'fff0;
  const Forgery forgery{.sequence_offset = 5, .sequence_step = 0x20};
  EXPECT_EQ(forged_header(forgery, facts, nullptr, 1).seq, 0x15U);
}

}  // namespace
}  // namespace connfate::lab

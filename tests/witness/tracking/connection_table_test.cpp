// SPDX-License-Identifier: Apache-2.0
#include "witness/tracking/connection_table.hpp"

#include <gtest/gtest.h>

#include "witness/events.hpp"

namespace connfate::witness {
namespace {

using namespace events;
using std::chrono::seconds;

constexpr std::array<Duration, kQueueCount> kDelays{
    seconds(2),  seconds(4), seconds(8),  seconds(16), seconds(32),
    seconds(60), seconds(2), seconds(15), seconds(4),  seconds(0)};

TEST(ConnectionTable, finds_what_was_added_and_nothing_else) {
  ConnectionTable table(kDelays);
  for (std::uint64_t cookie = 1; cookie <= 5000; ++cookie) table.add(cookie, flow(), at(0));
  for (std::uint64_t cookie = 1; cookie <= 5000; cookie += 3) table.remove(table.find(cookie));
  for (std::uint64_t cookie = 1; cookie <= 5000; ++cookie) {
    const std::uint32_t found = table.find(cookie);
    if (cookie % 3 == 1) {
      EXPECT_EQ(found, kNoIndex) << cookie;
    } else {
      ASSERT_NE(found, kNoIndex) << cookie;
      EXPECT_EQ(table.connection(found).cookie, cookie);
    }
  }
}

TEST(ConnectionTable, keeps_the_texts_of_a_response) {
  ConnectionTable table(kDelays);
  const std::uint32_t c = table.add(1, flow(), at(0));
  const std::uint32_t r = table.add_response(c, WaitingResponse::from(report()));
  EXPECT_EQ(table.response(r).text(WaitingResponse::kServer), "nginx");
  EXPECT_EQ(table.response(r).text(WaitingResponse::kUri), "/index.html");
  EXPECT_EQ(table.response(r).text(WaitingResponse::kRequestId), "");
}

TEST(ConnectionTable, cuts_a_text_without_end_and_shows_it) {
  const std::string uri = "/" + std::string(2 * kKeptTextSize, 'a');
  const WaitingResponse response = WaitingResponse::from(report({.uri = uri}));
  EXPECT_EQ(response.text(WaitingResponse::kUri).size(), kKeptTextSize);
  EXPECT_TRUE(response.text(WaitingResponse::kUri).ends_with("aaa..."));
  EXPECT_EQ(response.text(WaitingResponse::kHost), "www.example.com");
}

TEST(ConnectionTable, gives_responses_in_their_order_and_forgets_them_singly) {
  ConnectionTable table(kDelays);
  const std::uint32_t c = table.add(1, flow(), at(0));
  std::vector<std::uint32_t> added;
  for (int i = 0; i < 3; ++i) {
    added.push_back(table.add_response(c, WaitingResponse::from(report())));
  }
  EXPECT_EQ(table.responses_of(c), added);
  EXPECT_EQ(table.oldest_response(), added[0]);
  table.remove_response(added[1]);
  EXPECT_EQ(table.responses_of(c), (std::vector<std::uint32_t>{added[0], added[2]}));
  table.remove_response(added[0]);
  EXPECT_EQ(table.oldest_response(), added[2]);
  const std::uint32_t newest = table.add_response(c, WaitingResponse::from(report()));
  EXPECT_EQ(table.responses_of(c), (std::vector<std::uint32_t>{added[2], newest}));
  table.remove_response(newest);
  EXPECT_EQ(table.responses_of(c), (std::vector<std::uint32_t>{added[2]}));
  table.remove(c);
  EXPECT_EQ(table.waiting(), 0U);
}

TEST(ConnectionTable, queues_are_due_in_the_order_of_time) {
  ConnectionTable table(kDelays);
  const std::uint32_t first = table.add(1, flow(), at(0));
  const std::uint32_t second = table.add(2, flow(), at(0));
  table.move_to(first, Queue::kLookup0, at(0));
  table.move_to(second, Queue::kLookup0, at(100));
  EXPECT_EQ(table.due(Queue::kLookup0, at(1999)), kNoIndex);
  EXPECT_EQ(table.due(Queue::kLookup0, at(2000)), first);
  table.move_to(first, Queue::kLookup1, at(2000));
  EXPECT_EQ(table.due(Queue::kLookup0, at(2000)), kNoIndex);
  EXPECT_EQ(table.due(Queue::kLookup0, at(2100)), second);
  EXPECT_EQ(table.due(Queue::kLookup1, at(6000)), first);
}

TEST(ConnectionTable, gives_its_memory_back) {
  ConnectionTable table(kDelays);
  const std::size_t empty = table.memory_used();
  const std::uint32_t c = table.add(1, flow(), at(0));
  table.add_response(c, WaitingResponse::from(report()));
  EXPECT_GT(table.memory_used(), empty);
  table.remove(c);
  EXPECT_EQ(table.memory_used(), empty);
}

TEST(ConnectionTable, a_waiting_response_costs_at_most_256_bytes) {
  ConnectionTable table(kDelays);
  constexpr std::uint64_t kMany = 100'000;
  for (std::uint64_t cookie = 1; cookie <= kMany; ++cookie) {
    const std::uint32_t c = table.add(cookie, flow(), at(0));
    table.add_response(c, WaitingResponse::from(report()));
  }
  EXPECT_LE(table.memory_used() / kMany, 256U);
}

}  // namespace
}  // namespace connfate::witness

// SPDX-License-Identifier: Apache-2.0
// What an outage shows while it lasts: responses in progress, networks that fell silent, networks
// whose requests have stopped; and what this server did itself meanwhile.
#include <gtest/gtest.h>

#include "cli/report/lines.hpp"

namespace connfate::cli::report {
namespace {

constexpr const char* kOpen = R"("final":false,"reason":"in_progress")";

std::string witness_of(const std::string& client, int end, const std::string& fate,
                       const std::string& more) {
  return fmt::format(
      R"({{"event":"response","time":"2026-11-24T08:00:05.000000Z","server":"nginx","uri":"/a",)"
      R"("client":"{}","cookie":"0000000000000001","end":{},"first":"pending","fate":"{}","by":"peer",)"
      R"("close":"open","rule":"retransmitting","confidence":"none",{},"v":1}})",
      client, end, fate, more);
}

/// One sentence of the conclusion that contains `part`; empty when there is none.
std::string now_with(const Summary& summary, std::string_view part) {
  for (const std::string& sentence : summary.conclusion.now) {
    if (sentence.find(part) != sentence.npos) return sentence;
  }
  return {};
}

class NetworksNowTest : public testing::Test {
 protected:
  NetworksNowTest() : counted_(options()) {}

  RequestFeed::Options options() {
    RequestFeed::Options options;
    options.on_witness = [this](const log::Record& record) { witness_.add_witness(record); };
    return options;
  }
  Summary report() {
    counted_.feed().finish();
    Aggregate all = counted_.aggregate();
    all.silent_networks = witness_.silent_networks;
    all.closed_by_server = witness_.closed_by_server;
    return make_summary(all, counted_.feed(), {});
  }
  /// One request a second of each client, from `from` to `to`, in the order of time.
  void ask(const std::vector<std::string>& clients, int from, int to) {
    for (int second = from; second < to; ++second) {
      for (const std::string& client : clients) {
        counted_.take(
            line_of({.client = client,
                     .time = fmt::format("24/Nov/2026:08:{:02}:{:02}", second / 60, second % 60)}));
      }
    }
  }

  Aggregate witness_;
  Counted counted_;
};

TEST_F(NetworksNowTest, what_is_in_progress_is_summed_by_network) {
  counted_.learn(witness_of("198.51.100.7", 100, "pending", kOpen));
  counted_.learn(witness_of("198.51.100.8", 200, "pending", kOpen));
  counted_.learn(witness_of("203.0.113.9", 300, "pending", kOpen));
  counted_.learn(witness_of("203.0.113.9", 400, "pending", kOpen));
  counted_.learn(witness_of("203.0.113.9", 400, "ack_timeout", R"("final":true)"));
  counted_.take(line_of({}));
  const std::string words = now_with(report(), "Unanswered");
  EXPECT_NE(words.find("3 responses"), std::string::npos) << words;
  EXPECT_NE(words.find("2 of clients in 198.51.100.0/24, 1 of clients in 203.0.113.0/24"),
            std::string::npos)
      << words;
}

TEST_F(NetworksNowTest, a_network_that_fell_silent_is_told_in_the_witness_s_words) {
  for (int i = 2; i <= 3; ++i) {
    counted_.learn(witness_of(
        "198.51.100.7", i, "ack_timeout",
        fmt::format(
            R"("final":true,"evidence":["x","{} clients of 198.51.100.0/24 fell silent within )"
            R"(a minute while 6 other networks answered: consistent with"])",
            i)));
  }
  const std::string words = now_with(report(), "D4");
  EXPECT_TRUE(words.starts_with("3 clients of 198.51.100.0/24 fell silent within a minute while 6"))
      << words;
  EXPECT_NE(words.find("in 2 lines"), std::string::npos) << words;
}

TEST_F(NetworksNowTest, a_network_whose_requests_have_stopped) {
  const std::vector<std::string> hit = {"198.51.100.1", "198.51.100.2", "198.51.100.3"};
  ask({hit[0], hit[1], hit[2], "203.0.113.1"}, 0, 30);
  ask({"203.0.113.1", "192.0.2.1"}, 30, 60);
  const std::string words = now_with(report(), "have stopped");
  EXPECT_NE(words.find("clients in 198.51.100.0/24 have stopped: none since 2026-11-24T08:00:29Z"),
            std::string::npos)
      << words;
  EXPECT_NE(words.find("while 61 of others came; 90 of 119 had been theirs"), std::string::npos)
      << words;
}

TEST_F(NetworksNowTest, one_client_that_is_done_and_a_pause_like_others_are_no_end) {
  ask({"198.51.100.1", "203.0.113.1"}, 0, 30);
  ask({"203.0.113.1"}, 30, 60);
  EXPECT_EQ(now_with(report(), "have stopped"), "") << "a network of one client";
}

TEST_F(NetworksNowTest, a_network_that_always_came_in_waves_has_not_stopped) {
  const std::vector<std::string> wave = {"198.51.100.1", "198.51.100.2", "198.51.100.3",
                                         "203.0.113.1"};
  ask(wave, 0, 20);
  ask({"203.0.113.1"}, 20, 40);
  ask(wave, 40, 60);
  ask({"203.0.113.1"}, 60, 90);
  EXPECT_EQ(now_with(report(), "have stopped"), "");
}

TEST_F(NetworksNowTest, of_a_part_of_the_requests_nothing_is_said) {
  RequestFeed::Options options;
  options.filter.conditions.push_back(Condition::parse("path!=/b"));
  Counted counted(options);
  const auto take = [&counted](const std::string& client, int second, const std::string& path) {
    counted.take(line_of(
        {.client = client, .path = path, .time = fmt::format("24/Nov/2026:08:00:{:02}", second)}));
  };
  for (int second = 0; second < 60; ++second) {
    take("203.0.113.1", second, "/a");
    for (const char* client : {"198.51.100.1", "198.51.100.2", "198.51.100.3"}) {
      take(client, second, second < 30 ? "/a" : "/b");
    }
  }
  EXPECT_EQ(now_with(counted.report(), "have stopped"), "");
}

TEST_F(NetworksNowTest, errors_that_arrived_are_no_trouble_and_are_told) {
  std::string line = line_of({});
  line.replace(line.find("\" 200 "), 6, "\" 502 ");
  counted_.take(line);
  counted_.take(line_of({}));
  const Summary summary = report();
  EXPECT_EQ(summary.fates.trouble(), 0U);
  EXPECT_NE(now_with(summary, "its backend").find("1 (status 502 1), at 2026-11-24T08:00:00Z"),
            std::string::npos)
      << now_with(summary, "its backend");
}

TEST_F(NetworksNowTest, requests_that_a_reload_lost_are_told_with_their_time) {
  counted_.learn(
      R"({"event":"connection","time":"2026-11-24T08:00:05.000000Z","client":"203.0.113.7",)"
      R"("cookie":"0000000000000001","fate":"server_abort","by":"server","rule":"conn-data-after-fin",)"
      R"("final":true,"v":1})");
  const std::string words = now_with(report(), "Closed by this server");
  EXPECT_NE(words.find("1 connections, at 2026-11-24T08:00:05Z"), std::string::npos) << words;
}

TEST_F(NetworksNowTest, connections_outside_the_period_are_not_counted) {
  RequestFeed::Options options;
  options.filter.until = log::LogTime(std::chrono::seconds(1'700'000'000));
  Counted counted(options);
  counted.learn(
      R"({"event":"connection","time":"2026-11-24T08:00:05.000000Z","client":"203.0.113.7",)"
      R"("cookie":"0000000000000001","fate":"server_abort","by":"server","rule":"conn-unread","v":1})");
  EXPECT_EQ(counted.feed().counts().connections.total(), 0U);
  EXPECT_EQ(counted.feed().counts().connections_out_of_period, 1U);
}

TEST_F(NetworksNowTest, a_log_without_fates_leads_to_the_doctor) {
  counted_.take(R"(203.0.113.7 - - [24/Nov/2026:08:00:00 +0000] "GET / HTTP/1.1" 200 5 "-" "-")");
  const std::string words = report().conclusion.overall;
  EXPECT_NE(words.find("1 lines have none. `connfate doctor` names"), std::string::npos) << words;
}

/// A witness's log of trouble alone: no share of it is one of all requests.
TEST_F(NetworksNowTest, a_log_of_trouble_has_no_shares) {
  RequestFeed::Options options;
  options.witness_only = true;
  Counted trouble(options);
  trouble.take(witness_of("198.51.100.7", 100, "ack_timeout", R"("final":true)"));
  const Summary summary = trouble.report();
  EXPECT_EQ(summary.conclusion.overall, "1 responses were in trouble.");
  Counted all(options);
  all.take(R"({"event":"witness_started","time":"2026-11-24T08:00:00.000000Z","log":"all","v":1})");
  all.take(witness_of("198.51.100.7", 100, "ack_timeout", R"("final":true)"));
  EXPECT_EQ(all.report().conclusion.overall,
            "1 of 1 responses in the witness's log were in trouble (100.0 %).");
}

}  // namespace
}  // namespace connfate::cli::report

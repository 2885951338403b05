// SPDX-License-Identifier: Apache-2.0
#include "cli/explain/network_sentence.hpp"

#include <gtest/gtest.h>

#include "connfate/fate.hpp"

namespace connfate::cli {
namespace {

using Values = std::map<std::string, std::string, std::less<>>;

StoryLine line_of(Values values) {
  StoryLine line;
  line.source = StoryLine::Source::kWitness;
  line.time = log::parse_log_time("2026-11-24T06:37:11Z");
  line.values = {{"client", "203.0.113.7"},
                 {"client_port", "5"},
                 {"local", "198.51.100.5"},
                 {"local_port", "443"},
                 {"event", "response"}};
  values.merge(line.values);
  line.values = std::move(values);
  return line;
}

bool says(const std::string& text, std::string_view part) {
  return text.find(part) != text.npos;
}

TEST(NetworkSentenceTest, WithoutAttributionTheTwoSidesAreNotToldApart) {
  const std::string text = network_sentence(line_of({{"fate", "rst_received"},
                                                     {"by", "peer"},
                                                     {"rule", "final-rst"},
                                                     {"rst_from", "unknown"},
                                                     {"confidence", "none"},
                                                     {"capture", "complete"}}));
  EXPECT_TRUE(says(text, "cannot be told apart")) << text;
  EXPECT_FALSE(says(text, "consistent with")) << text;
}

TEST(NetworkSentenceTest, AnAttributionIsQuotedWithItsConfidenceAndIsNoProof) {
  const std::string text = network_sentence(line_of({{"fate", "rst_received"},
                                                     {"by", "path"},
                                                     {"rule", "final-rst"},
                                                     {"rst_from", "path"},
                                                     {"confidence", "moderate"},
                                                     {"capture", "complete"}}));
  EXPECT_TRUE(says(text, "confidence: moderate")) << text;
  EXPECT_TRUE(says(text, "not proof")) << text;
}

TEST(NetworkSentenceTest, AnInferredRstIsNotCalledASeenOne) {
  const std::string text = network_sentence(line_of({{"fate", "rst_received"},
                                                     {"by", "peer"},
                                                     {"rule", "final-rst-inferred"},
                                                     {"capture", "off"}}));
  EXPECT_TRUE(says(text, "none could be captured")) << text;
  EXPECT_TRUE(says(text, "No packets were captured here")) << text;
}

TEST(NetworkSentenceTest, TheEndOfAResponseIsAfterItsLineThatOfAConnectionAtIt) {
  const Values values{{"fate", "ack_timeout"}, {"by", "peer"}, {"rule", "final-silence"}};
  EXPECT_TRUE(says(network_sentence(line_of(values)), "from 2026-11-24T06:37:11Z on"));
  Values of_connection = values;
  of_connection["event"] = "connection";
  EXPECT_TRUE(says(network_sentence(line_of(of_connection)), "until 2026-11-24T06:37:11Z"));
}

TEST(NetworkSentenceTest, WhatIsOursOrTheClientsIsNotSentToTheNetwork) {
  for (const char* fate :
       {"delivered", "pending", "unknown", "server_abort", "server_timeout", "blocked_here",
        "client_abort", "broken_pipe", "client_stalled", "stream_reset"}) {
    EXPECT_TRUE(network_sentence(line_of({{"fate", fate}})).starts_with("Nothing to send")) << fate;
  }
}

TEST(NetworkSentenceTest, WhatNeverLeftThisHostIsNotSentToTheNetwork) {
  const Values values{{"fate", "unreachable"}, {"by", "server"}, {"rule", "next-hop-silent"}};
  EXPECT_TRUE(network_sentence(line_of(values)).starts_with("Nothing to send"));
}

TEST(NetworkSentenceTest, AResetThatTheClientsOwnPacketsSpeakForIsNotSent) {
  Values values{{"fate", "rst_received"}, {"by", "client"},         {"rule", "final-rst"},
                {"rst_from", "client"},   {"confidence", "strong"}, {"capture", "complete"}};
  const std::string strong = network_sentence(line_of(values));
  EXPECT_TRUE(strong.starts_with("Nothing to send")) << strong;
  EXPECT_TRUE(says(strong, "consistent with the client's own TCP")) << strong;
  values["confidence"] = "weak";
  EXPECT_TRUE(network_sentence(line_of(values)).starts_with("Connection ")) << "not sure enough";
}

TEST(NetworkSentenceTest, WithoutABodyThereAreNoFiguresOfBytes) {
  const std::string text = network_sentence(
      line_of({{"fate", "rst_received"}, {"by", "peer"}, {"written", "0"}, {"acked", "0"}}));
  EXPECT_TRUE(says(text, "Nothing of the response had been written yet.")) << text;
}

TEST(NetworkSentenceTest, AnEndThatHarmedNothingIsNotSentEither) {
  EXPECT_TRUE(network_sentence(line_of({{"fate", "rst_received"}, {"benign", "true"}}))
                  .starts_with("Nothing to send"));
}

TEST(NetworkSentenceTest, BetweenTwoProgramsOfOneHostIsNoNetwork) {
  for (const char* address : {"127.0.0.1", "::1", "::ffff:127.0.0.1"}) {
    const std::string text =
        network_sentence(line_of({{"fate", "rst_received"}, {"by", "peer"}, {"client", address}}));
    EXPECT_TRUE(text.starts_with("Nothing to send to the network team: both ends")) << text;
  }
  EXPECT_TRUE(network_sentence(line_of({{"fate", "rst_received"}, {"client", "128.0.0.1"}}))
                  .starts_with("Connection "));
}

TEST(NetworkSentenceTest, NoFateAccusesWithoutEvidence) {
  for (int i = 0; i < kFateCount; ++i) {
    const std::string fate(to_token(static_cast<Fate>(i)));
    const std::string text = network_sentence(line_of({{"fate", fate}, {"by", "peer"}}));
    for (const char* word : {"firewall", "device", "provider", "blame", "guilty", "consistent"}) {
      const bool own = fate == "blocked_here" && std::string_view(word) == "firewall";
      EXPECT_TRUE(own || !says(text, word)) << text;
    }
    EXPECT_TRUE(fate == "delivered" || !what_would_settle(line_of({{"fate", fate}})).empty());
  }
}

TEST(NetworkSentenceTest, Ipv6EndsAreInBrackets) {
  EXPECT_TRUE(says(endpoints_text(line_of({{"client", "2001:db8::1"}})), "[2001:db8::1]:5 and"));
}

}  // namespace
}  // namespace connfate::cli

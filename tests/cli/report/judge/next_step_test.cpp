// SPDX-License-Identifier: Apache-2.0
// What is said to whom: never more than the fate knows.
#include "cli/report/judge/next_step.hpp"

#include <gtest/gtest.h>

#include "cli/report/judge/findings.hpp"
#include "cli/report/judge/words.hpp"
#include "cli/report/lines.hpp"

namespace connfate::cli::report {
namespace {

Finding finding_of(Fate fate) {
  Finding finding;
  finding.fate = fate;
  finding.dimension = "network";
  finding.name = "203.0.113.0/24";
  finding.count = 12;
  finding.requests = 30;
  finding.requests_elsewhere = 1000;
  return finding;
}

TEST(NextStepTest, every_kind_of_trouble_has_one) {
  for (int i = 0; i < kFateCount; ++i) {
    const auto fate = static_cast<Fate>(i);
    EXPECT_TRUE(!is_trouble(fate) || !next_step(finding_of(fate)).empty()) << to_token(fate);
  }
}

TEST(NextStepTest, the_network_team_is_asked_about_what_a_network_can_do) {
  for (const Fate fate : {Fate::kRstReceived, Fate::kAckTimeout, Fate::kUnreachable,
                          Fate::kAckStalled, Fate::kRequestTimeout}) {
    const std::string words = next_step(finding_of(fate));
    EXPECT_TRUE(words.starts_with("For the network team: ")) << words;
    EXPECT_NE(words.find("12 of 30 requests of clients in 203.0.113.0/24"), words.npos) << words;
    EXPECT_NE(words.find('?'), words.npos) << "it asks, and claims nothing";
  }
}

TEST(NextStepTest, our_own_faults_are_ours) {
  for (const Fate fate : {Fate::kServerAbort, Fate::kServerTimeout}) {
    const std::string words = next_step(finding_of(fate));
    EXPECT_TRUE(words.starts_with("Not a matter for the network team: this server ended")) << words;
  }
}

TEST(NextStepTest, a_client_that_answers_is_not_the_network) {
  for (const Fate fate :
       {Fate::kClientAbort, Fate::kBrokenPipe, Fate::kClientStalled, Fate::kStreamReset}) {
    const std::string words = next_step(finding_of(fate));
    EXPECT_TRUE(words.starts_with("Not a matter for the network team: the peer")) << words;
  }
}

TEST(NextStepTest, no_device_is_ever_accused) {
  for (int i = 0; i < kFateCount; ++i) {
    const auto fate = static_cast<Fate>(i);
    if (!is_trouble(fate)) continue;
    const std::string words = next_step(finding_of(fate)) + sentence_of(finding_of(fate));
    for (const char* accused : {"irewall", "attack", "middlebox", "vendor", "fault of"}) {
      EXPECT_EQ(words.find(accused), words.npos) << words;
    }
  }
}

TEST(NextStepTest, the_time_is_that_of_the_failures) {
  Finding finding = finding_of(Fate::kAckTimeout);
  finding.window = FailureWindow{1'795'507'200, 1'795'507'260, 12, 12};
  EXPECT_NE(next_step(finding).find("from 2026-11-24T08:00:00Z to 2026-11-24T08:01:00Z, "),
            std::string::npos);
}

TEST(FindingsTest, one_matter_in_three_dimensions_is_told_once) {
  Counted counted;
  for (int i = 0; i < 600; ++i) {
    LineOf line;
    line.client = fmt::format("203.0.{}.5", i % 30);
    line.path = i % 2 == 0 ? "/b" : "/c";
    if (i % 30 == 7) {
      line.client = "198.51.100.7";
      line.path = "/only-they-ask-for-this";
      line.fate = "rst_received";
      line.by = "peer";
    }
    counted.take(line_of(line));
  }
  const auto findings = find_findings(counted.aggregate());
  ASSERT_EQ(findings.size(), 1U);
  ASSERT_EQ(findings[0].also.size(), 1U);
  EXPECT_EQ(findings[0].also[0].count, 20U);
  EXPECT_NE(sentence_of(findings[0]).find("20 of 20 of them were requests of"), std::string::npos)
      << sentence_of(findings[0]);
}

TEST(FindingsTest, two_matters_of_one_fate_are_two) {
  Counted counted;
  for (int i = 0; i < 2000; ++i) {
    LineOf line;
    line.client = fmt::format("203.0.{}.5", i % 30);
    if (i % 50 == 0) {
      line = {.fate = "rst_received", .by = "peer", .client = "198.51.100.7"};
    } else if (i % 50 == 1) {
      line.path = "/export";
      line.fate = "rst_received";
    }
    counted.take(line_of(line));
  }
  EXPECT_EQ(find_findings(counted.aggregate()).size(), 2U);
}

}  // namespace
}  // namespace connfate::cli::report

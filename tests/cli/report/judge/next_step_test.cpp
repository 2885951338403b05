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
  finding.client_left = client_left(fate, usual_by(fate));
  finding.by[static_cast<std::size_t>(usual_by(fate))] = 12;
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
    EXPECT_TRUE(!next_step(finding_of(fate)).empty()) << to_token(fate);
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

TEST(NextStepTest, a_link_of_this_host_is_no_matter_for_the_network_team) {
  Finding finding = finding_of(Fate::kUnreachable);
  finding.by = {};
  finding.by[static_cast<std::size_t>(By::kServer)] = 8;
  finding.by[static_cast<std::size_t>(By::kPeer)] = 4;
  const std::string words = next_step(finding);
  EXPECT_TRUE(words.starts_with("Not a matter for the network team: this host itself")) << words;
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
    const std::string words = next_step(finding_of(fate)) + sentence_of(finding_of(fate));
    for (const char* accused : {"irewall", "attack", "middlebox", "vendor", "fault of"}) {
      EXPECT_EQ(words.find(accused), words.npos) << words;
    }
  }
}

/// Drops of a header from one address, second after second, until the server's timer ran out.
TEST(NextStepTest, who_sends_slowly_is_not_a_network_that_drops) {
  Counted counted;
  for (int i = 0; i < 400; ++i) {
    LineOf line;
    line.client = fmt::format("203.0.{}.5", i % 9);
    if (i % 20 == 0) {
      line = {.fate = "request_timeout", .by = "peer", .client = "198.51.100.9"};
      line.seconds = "60.000";
      line.more = "written=0 end=0 silence_ms=900";
    }
    counted.take(line_of(line));
  }
  const auto findings = find_findings(counted.aggregate());
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].clients, 1U);
  const std::string words = next_step(findings[0]);
  EXPECT_TRUE(
      words.starts_with("Not a matter for the network team: one client sent slowly. On 20 "
                        "of 20 requests"))
      << words;
}

TEST(NextStepTest, who_fell_silent_in_a_request_may_be_the_network) {
  Counted counted;
  for (int i = 0; i < 400; ++i) {
    LineOf line;
    if (i % 20 == 0) {
      line = {.fate = "request_timeout", .by = "peer", .client = "198.51.100.9"};
      line.seconds = "60.000";
      line.more = "written=0 end=0 silence_ms=59000";
    }
    counted.take(line_of(line));
  }
  const auto findings = find_findings(counted.aggregate());
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_TRUE(next_step(findings[0]).starts_with("For the network team: "))
      << next_step(findings[0]);
}

TEST(NextStepTest, between_two_programs_of_one_host_lies_no_path) {
  for (const char* address : {"127.0.0.1", "127.0.3.1", "::1", "::ffff:127.0.0.1"}) {
    Counted counted;
    for (int i = 0; i < 400; ++i) {
      LineOf line{.client = address, .path = i % 20 == 0 ? "/x" : "/y"};
      if (i % 20 == 0) line.fate = "rst_received", line.by = "peer";
      counted.take(line_of(line));
    }
    const auto findings = find_findings(counted.aggregate());
    ASSERT_EQ(findings.size(), 1U) << address;
    const std::string words = sentence_of(findings[0]) + ' ' + next_step(findings[0]);
    EXPECT_EQ(words.find(" path,"), words.npos) << words;
    EXPECT_EQ(words.find("that path"), words.npos) << words;
    EXPECT_EQ(words.find("device"), words.npos) << words;
    EXPECT_NE(words.find("programs on this host"), words.npos) << words;
  }
}

TEST(NextStepTest, preconnects_are_nobodys_matter) {
  EXPECT_TRUE(next_step(finding_of(Fate::kNoRequest)).starts_with("Nothing to mend"));
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

/// What clients ended themselves is never in the headline, and still stands out when it clusters.
TEST(FindingsTest, who_left_is_counted_apart_and_found) {
  Counted counted;
  for (int i = 0; i < 1000; ++i) {
    LineOf line;
    line.client = fmt::format("203.0.{}.5", i % 30);
    if (i % 50 == 0) line = {.fate = "client_abort", .by = "client", .path = "/slow"};
    if (i % 50 == 1) line = {.fate = "rst_received", .by = "client", .client = "198.51.100.7"};
    if (i % 100 == 2) line = {.fate = "no_request", .by = "-", .client = "192.0.2.1"};
    if (i % 500 == 3) line = {.fate = "rst_received", .by = "peer"};
    counted.take(line_of(line));
  }
  const Summary summary = counted.report();
  EXPECT_EQ(summary.fates.trouble(), 2U);
  EXPECT_EQ(summary.fates.left(), 40U);
  EXPECT_EQ(summary.conclusion.overall, "2 of 1,000 requests were in trouble (0.2 %).");
  ASSERT_EQ(summary.conclusion.apart.size(), 2U);
  EXPECT_EQ(summary.conclusion.apart[0],
            "The client left: 40 (4.0 %), by its own end (client_abort 20, rst_received 20).");
  EXPECT_TRUE(summary.conclusion.apart[1].starts_with("Without a request: 10 (1.0 %)."));
  ASSERT_EQ(summary.findings.size(), 3U);
  for (const Finding& finding : summary.findings) {
    if (finding.fate == Fate::kRstReceived) {
      EXPECT_TRUE(finding.client_left);
      EXPECT_EQ(finding.count, 20U);
      EXPECT_NE(show_options(finding).find("--where by=client"), std::string::npos);
    }
    EXPECT_EQ(next_step(finding).find("For the network team"), std::string::npos);
  }
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

// SPDX-License-Identifier: Apache-2.0
// What the judge calls right, undecided and wrong.
#include "lab/judge.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace connfate::lab {
namespace {

using Json = nlohmann::json;

/// A device on the path resets the server.
Story forged_reset() {
  Story story;
  story.truth = {.by = "path", .rst_from = "path"};
  story.never = {{"by", {"client"}}};
  return story;
}

Json line(const char* by, const char* rst_from) {
  return {{"fate", "rst_received"}, {"by", by}, {"rst_from", rst_from}, {"confidence", "weak"}};
}

Judgement judge_line(const Story& story, const Json& said, const ExpectedLine& promised = {}) {
  return judge(story, {.log = {}, .final = {promised}}, {.log = {}, .final = {said}});
}

bool complains(const Judgement& judgement, const std::string& words) {
  return std::ranges::any_of(judgement.problems, [&](const std::string& problem) {
    return problem.find(words) != std::string::npos;
  });
}

TEST(JudgeTest, TheTruthIsRight) {
  const Judgement judgement = judge_line(forged_reset(), line("path", "path"));
  EXPECT_EQ(judgement.mark, Mark::kRight);
  EXPECT_TRUE(judgement.problems.empty());
  EXPECT_EQ(judgement.final_verdict, "rst_received by path, RST from path");
}

TEST(JudgeTest, NamingNobodyIsUndecidedAndNeedsAReason) {
  Story story = forged_reset();
  EXPECT_TRUE(complains(judge_line(story, line("peer", "unknown")), "does not say why it cannot"));
  story.undecided = "No packet tells.";
  const Judgement judgement = judge_line(story, line("peer", "unknown"));
  EXPECT_EQ(judgement.mark, Mark::kUndecided);
  EXPECT_TRUE(judgement.problems.empty());
}

TEST(JudgeTest, SilenceIsUndecidedWhenSomebodyDidIt) {
  Story story = forged_reset();
  EXPECT_EQ(judge(story, {}, {}).mark, Mark::kUndecided);
  story.truth.by = "-";
  EXPECT_EQ(judge(story, {}, {}).mark, Mark::kRight);
}

TEST(JudgeTest, NamingAnotherIsWrong) {
  EXPECT_EQ(judge_line(forged_reset(), line("server", "path")).mark, Mark::kWrong);
  EXPECT_EQ(judge_line(forged_reset(), line("path", "client")).mark, Mark::kWrong);
  EXPECT_TRUE(complains(judge_line(forged_reset(), line("server", "path")), "wrong accusation"));
}

TEST(JudgeTest, WhatMustNeverBeSaidIsWrong) {
  const Judgement judgement = judge_line(forged_reset(), line("client", "path"));
  EXPECT_EQ(judgement.mark, Mark::kWrong);
  EXPECT_TRUE(complains(judgement, "must never say: by = client"));
}

TEST(JudgeTest, ARaceCountsAsItsWorstOutcome) {
  Story story = forged_reset();
  story.undecided = "Packets race.";
  const ExpectedLine race{.fields = {{"by", {"path", "peer"}}}, .evidence = {}};
  const Judgement judgement = judge_line(story, line("path", "path"), race);
  EXPECT_EQ(judgement.mark, Mark::kUndecided);
  EXPECT_EQ(judgement.final_verdict, "rst_received by path or peer, RST from path");
}

TEST(JudgeTest, AResetThatHarmedNobodyAccusesNobody) {
  Story story;
  story.truth = {.by = "-", .rst_from = "-"};
  const Json delivered = {{"fate", "delivered"}, {"by", "-"}, {"rst_from", "unknown"}};
  EXPECT_EQ(judge_line(story, delivered).mark, Mark::kRight);
}

TEST(JudgeTest, ALostResponseThatIsCalledDeliveredIsWrong) {
  Story story = forged_reset();
  story.undecided = "No packet tells.";
  const ExpectedLine lost{.fields = {{"fate", {"rst_received"}}}, .evidence = {}};
  const Json delivered = {{"fate", "delivered"}, {"by", "-"}};
  EXPECT_EQ(judge_line(story, delivered, lost).mark, Mark::kWrong);
}

TEST(JudgeTest, EveryPromiseIsKept) {
  const ExpectedLine promised{.fields = {{"fate", {"ack_timeout"}}, {"acked", {"< 5"}}},
                              .evidence = {"nothing arrived"}};
  Json said = line("path", "path");
  said["acked"] = 7;
  const Judgement judgement = judge_line(forged_reset(), said, promised);
  EXPECT_TRUE(complains(judgement, "final line 1: fate = ack_timeout, but it is rst_received"));
  EXPECT_TRUE(complains(judgement, "final line 1: acked = < 5, but it is 7"));
  EXPECT_TRUE(complains(judgement, "the evidence does not say \"nothing arrived\""));
}

TEST(JudgeTest, AMissingOrAnotherLineIsAProblem) {
  const Promise promise{.log = {ExpectedLine{}}, .final = {}};
  const Judgement judgement =
      judge(forged_reset(), promise, {.log = {}, .final = {Json::object()}});
  EXPECT_TRUE(complains(judgement, "1 access-log lines expected, 0 found"));
  EXPECT_TRUE(complains(judgement, "0 final lines expected, 1 found"));
}

}  // namespace
}  // namespace connfate::lab

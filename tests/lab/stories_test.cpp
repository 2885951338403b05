// SPDX-License-Identifier: Apache-2.0
// The stories as files, and the page of what was said of them.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>
#include <utility>

#include "harness/temporary_directory.hpp"
#include "lab/steps.hpp"
#include "lab/story.hpp"

namespace connfate::lab {
namespace {

const std::vector<Story>& stories() {
  static const std::vector<Story> all = load_stories(CONNFATE_STORIES);
  return all;
}

std::string page(const std::string& name) {
  return harness::read_file(std::filesystem::path(CONNFATE_DOCS) / name);
}

std::string why_refused(const std::string& text) {
  const harness::TemporaryDirectory directory("story");
  harness::write_file(directory.path() / "some.yaml", text);
  try {
    load_story(directory.path() / "some.yaml");
  } catch (const std::exception& error) {
    return error.what();
  }
  return "";
}

TEST(StoriesTest, EachIsTitledAndTold) {
  std::set<std::string> titles;
  for (const Story& story : stories()) {
    EXPECT_TRUE(titles.insert(story.title).second) << story.title;
    EXPECT_FALSE(story.words.empty()) << story.name;
    EXPECT_FALSE(story.never.empty()) << story.name << " forbids nothing";
    EXPECT_NO_THROW(check_steps(story)) << story.name;
  }
}

TEST(StoriesTest, AMistakeIsToldWithItsLine) {
  EXPECT_EQ(why_refused("title: x\nservers: ngnix\nstory: x\nsteps: []\nlog: none\nfinal: none\n"
                        "truth: {by: \"-\"}\n"),
            "some.yaml: line 2: 'ngnix' is none of: event, nginx, prefork, worker");
  EXPECT_EQ(why_refused("title: x\nrtts: [0]\n"),
            "some.yaml: line 2: 'rtts' means nothing here; docs/lab.md lists what does");
  EXPECT_EQ(why_refused("title: x\n"), "some.yaml: line 1: the story has no 'story'");
}

TEST(StoriesTest, AStepThatNobodyKnowsIsToldWithThoseThatAreNear) {
  Story story;
  story.name = "some";
  story.steps = {{.words = {"client", "sings"}, .line = 7}};
  try {
    check_steps(story);
    FAIL() << "a client that sings";
  } catch (const std::exception& error) {
    const std::string said = error.what();
    EXPECT_NE(said.find("some.yaml: line 7: nobody knows how to play 'client sings'"), said.npos);
    EXPECT_NE(said.find("\n  client connects"), said.npos);
  }
}

TEST(StoriesTest, AnExceptionReplacesFieldsOfTheWaysThatItNames) {
  const ExpectedLine weak{.fields = {{"by", {"peer"}}, {"confidence", {"weak"}}}, .evidence = {}};
  const ExpectedLine strong{.fields = {{"by", {"path"}}}, .evidence = {}};
  Exception far;
  far.rtts_ms = {40};
  far.final = {{strong}};
  const Promise usual{.log = {}, .final = {weak}};
  EXPECT_EQ(promise_for({.rtt_ms = 0}, usual, {far}).final[0].find("by")->values[0], "peer");
  const Promise changed = promise_for({.rtt_ms = 40}, usual, {far});
  EXPECT_EQ(changed.final[0].find("by")->values[0], "path");
  EXPECT_EQ(changed.final[0].find("confidence")->values[0], "weak");
}

/// Until something tells them apart, a vanished client and a firewall that drops read the same.
TEST(TwinsTest, AVanishedClientAndADroppingFirewallReadTheSame) {
  const auto named = [](const std::string& name) {
    return *std::ranges::find(stories(), name, &Story::name);
  };
  const Story client = named("control_client_vanishes");
  const Story path = named("s03_firewall_forgets_and_drops");
  ASSERT_NE(client.truth.by, path.truth.by);
  for (const Way& way : ways_of(client)) {
    const Promise one = client.promise_for(way);
    const Promise other = path.promise_for(way);
    for (const char* field : {"fate", "by", "confidence"}) {
      const FieldRule* values = one.final.at(0).find(field);
      ASSERT_NE(values, nullptr) << field;
      ASSERT_EQ(values->values.size(), 1U) << field;
      EXPECT_EQ(values->values, other.final.at(0).find(field)->values) << field;
    }
  }
}

std::vector<std::string> rows_of(const std::string& story) {
  std::vector<std::string> rows;
  std::istringstream text(page("truth.md"));
  for (std::string line; std::getline(text, line);) {
    if (line.find("/" + story + ".yaml)") != line.npos) rows.push_back(line);
  }
  return rows;
}

TEST(TwinsTest, AndSoTheyDoOnThePage) {
  const auto verdict = [](const std::string& story) {
    const std::vector<std::string> rows = rows_of(story);
    EXPECT_EQ(rows.size(), 1U) << story;
    const std::string row = rows.empty() ? "" : rows.front();
    return row.substr(std::min(row.size(), row.find(" ms")));
  };
  EXPECT_EQ(verdict("control_client_vanishes"), verdict("s03_firewall_forgets_and_drops"));
}

TEST(TruthPageTest, HasARowForEachStoryAndNoWrongOne) {
  for (const Story& story : stories()) {
    EXPECT_TRUE(story.on_demand || !rows_of(story.name).empty()) << story.name;
  }
  EXPECT_EQ(page("truth.md").find("**wrong** |"), std::string::npos);
  EXPECT_NE(page("truth.md").find(" 0 wrong."), std::string::npos);
}

/// A share that falls is a retreat: evidence that was inadmissible, or a story that nobody can
/// decide, is named in the story's `undecided`, and then the floor may follow.
TEST(TruthPageTest, TheShareOfDecidedPlaysHasAFloor) {
  constexpr int kFloor = 72;
  const std::string text = page("truth.md");
  const auto place = text.find(" Decided: ");
  ASSERT_NE(place, text.npos);
  EXPECT_GE(std::stoi(text.substr(place + 10)), kFloor);
}

TEST(TruthPageTest, SaysWhyForEachUndecidedStory) {
  const std::string text = page("truth.md");
  for (const Story& story : stories()) {
    for (const std::string& row : rows_of(story.name)) {
      if (row.find("**undecided**") == row.npos) continue;
      EXPECT_NE(text.find(fmt::format("- **{}**", story.title)), text.npos) << story.name;
    }
  }
}

TEST(LabPageTest, SaysWhichOutageEachStoryIs) {
  const std::string text = page("lab.md");
  for (const Story& story : stories()) {
    EXPECT_NE(text.find(fmt::format("(../tests/lab/stories/{}.yaml)", story.name)), text.npos)
        << story.name;
  }
}

TEST(LabPageTest, ListsEveryStep) {
  const std::string text = page("lab.md");
  for (const StepKind& kind : step_kinds()) {
    EXPECT_NE(text.find(fmt::format("| `{}` | {} |", kind.pattern, kind.meaning)), text.npos)
        << "| `" << kind.pattern << "` | " << kind.meaning << " |";
  }
}

}  // namespace
}  // namespace connfate::lab

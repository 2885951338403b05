// SPDX-License-Identifier: Apache-2.0
#include "cli/explain/story.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

#include "cli/explain/story_lines.hpp"
#include "harness/temporary_directory.hpp"

namespace connfate::cli {
namespace {

namespace fs = std::filesystem;
using Source = StoryLine::Source;

class StoryTest : public testing::Test {
 protected:
  fs::path write(const char* name, std::string_view content) {
    harness::write_file(directory_.path() / name, content);
    return directory_.path() / name;
  }
  Story both(std::string_view key) {
    return read_story(key, std::vector{write("witness", fixture::kWitnessLog),
                                       write("access", fixture::kAccessLog)});
  }

  harness::TemporaryDirectory directory_{"explain"};
};

std::string part(const Explanation& topic, std::string_view heading) {
  for (const Paragraphs& p : topic.parts) {
    if (p.heading == heading) return p.texts.front();
  }
  return {};
}

TEST_F(StoryTest, ARequestIdLeadsToTheWholeConnectionInTheOrderOfTime) {
  const Story story = both("abc-1");
  ASSERT_EQ(story.lines.size(), 3U);
  EXPECT_EQ(story.lines[0].get("uri"), "/first");
  EXPECT_EQ(story.lines[1].get("rule"), "in-flight");
  EXPECT_EQ(story.lines[2].source, Source::kWitness);
}

TEST_F(StoryTest, ACookieLeadsToTheSame) {
  EXPECT_EQ(both("00000000000012ab").lines.size(), 3U);
  EXPECT_EQ(both("00000000000099ff").lines.size(), 1U);
  EXPECT_TRUE(both("12ab").lines.empty());  // a part of a cookie is no cookie
}

TEST_F(StoryTest, TheConclusionIsTheWitnesss) {
  const Explanation topic = tell(both("abc-1"), "abc-1");
  EXPECT_TRUE(part(topic, "What became of it").starts_with("rst_received: A captured RST"));
  EXPECT_EQ(part(topic, "Between"), "203.0.113.7:51234 and 198.51.100.5:443");
  EXPECT_TRUE(part(topic, "Speaks for another sender than the client").starts_with("P1"));
  EXPECT_EQ(part(topic, "Speaks for the client"), "");
}

TEST_F(StoryTest, WithoutTheWitnessItSaysThatThisIsLogTime) {
  const Story story = read_story("00000000000012ab", std::vector{write("a", fixture::kAccessLog)});
  const Explanation topic = tell(story, "x");
  EXPECT_NE(part(topic, "How final this is").find("As of log time"), std::string::npos);
  EXPECT_TRUE(part(topic, "For the network team").starts_with("Nothing to send yet"));
}

TEST_F(StoryTest, AnotherClientsUriDoesNotBringItsConnectionIn) {
  const fs::path forged =
      write("forged",
            "6.6.6.6 - - [24/Nov/2026:06:37:10 +0000] \"GET /abc-1 HTTP/1.1\" 200 9 \"-\" \"c\" "
            "fate=delivered cookie=0000000000006666 rule=all-acked v=1\n");
  const Story story =
      read_story("abc-1", std::vector{forged, write("witness", fixture::kWitnessLog)});
  const auto is_forged = [](const StoryLine& l) { return l.get("cookie") == "0000000000006666"; };
  EXPECT_EQ(std::ranges::count_if(story.lines, is_forged), 0);
  EXPECT_EQ(story.lines.size(), 1U);
}

TEST_F(StoryTest, LinesOfTwoConnectionsAreSaidToBe) {
  const fs::path file =
      write("two",
            "1.1.1.1 id-7 fate=delivered cookie=0000000000000001 rule=all-acked v=1\n"
            "1.1.1.1 id-7 fate=delivered cookie=0000000000000002 rule=all-acked v=1\n");
  const Explanation topic = tell(read_story("id-7", std::vector{file}), "id-7");
  EXPECT_EQ(part(topic, "Caution"), "These lines belong to 2 connections.");
}

TEST_F(StoryTest, WhatAClientWroteCannotSteerTheTerminal) {
  const fs::path file = write(
      "hostile",
      "1.1.1.1 - - [24/Nov/2026:06:37:10 +0000] \"GET /\x1b[2J\xff HTTP/1.1\" 200 9 \"-\" \"c\" "
      "fate=delivered cookie=0000000000000001 rule=all-acked v=1\n");
  const std::string text =
      to_text(std::vector{tell(read_story("0000000000000001", std::vector{file}), "k")});
  EXPECT_EQ(text.find('\x1b'), text.npos);
  EXPECT_NE(text.find("/\\x1b[2J\\xff"), text.npos);
}

TEST_F(StoryTest, AJsonLogIsReadAsWell) {
  const fs::path file = write(
      "json",
      "{\"time\":\"2026-11-24T06:37:11+00:00\",\"remote_addr\":\"203.0.113.7\",\"method\":\"GET\","
      "\"uri\":\"/a\",\"status\":\"200\",\"connfate\":\"fate=delivered phase=drained "
      "cookie=00000000000012ab rule=all-acked v=1\"}\n");
  const Story story = read_story("00000000000012ab", std::vector{file});
  ASSERT_EQ(story.lines.size(), 1U);
  EXPECT_EQ(story.lines[0].get("client"), "203.0.113.7");
  EXPECT_TRUE(story.lines[0].time);
}

TEST_F(StoryTest, AFileThatCannotBeReadIsAnError) {
  EXPECT_THROW(read_story("x", std::vector<fs::path>{"/nonexistent/log"}), std::runtime_error);
  EXPECT_THROW(read_story("x", std::vector{write("gz", "\x1f\x8b\b")}), std::runtime_error);
}

}  // namespace
}  // namespace connfate::cli

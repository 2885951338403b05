// SPDX-License-Identifier: Apache-2.0
// Whole answers, as people see them.
#include <gtest/gtest.h>

#include <cstdlib>

#include "cli/explain/server_message.hpp"
#include "cli/explain/story.hpp"
#include "cli/explain/story_lines.hpp"
#include "cli/explain/topics.hpp"
#include "harness/temporary_directory.hpp"

namespace connfate::cli {
namespace {

void expect_golden(const std::string& name, const std::vector<Explanation>& explanations) {
  const std::filesystem::path file = std::filesystem::path(CONNFATE_GOLDEN) / (name + ".txt");
  const std::string text = to_text(explanations);
  if (std::getenv("CONNFATE_WRITE_GOLDEN") != nullptr) harness::write_file(file, text);
  EXPECT_EQ(text, harness::read_file(file)) << file;
}

TEST(GoldenTest, Fate) {
  expect_golden("fate", find_topics("ack_timeout"));
}

TEST(GoldenTest, Field) {
  expect_golden("field", find_topics("phase"));
}

TEST(GoldenTest, RuleOfTheLog) {
  expect_golden("log_rule", find_topics("rst-errno-consumed"));
}

TEST(GoldenTest, RuleOfTheWitness) {
  expect_golden("final_rule", find_topics("final-as-logged"));
}

TEST(GoldenTest, RuleOfAttribution) {
  expect_golden("origin_rule", find_topics("P2"));
}

TEST(GoldenTest, MessageOfNginx) {
  expect_golden("nginx_message",
                find_messages("writev() failed (104: Connection reset by peer) while sending to "
                              "client"));
}

TEST(GoldenTest, MessageOfHttpd) {
  expect_golden("httpd_message",
                find_messages("(70007)The timeout specified has expired: AH01075: Error "
                              "dispatching request to : (reading input brigade)"));
}

TEST(GoldenTest, Story) {
  const harness::TemporaryDirectory directory("explain");
  harness::write_file(directory.path() / "access", fixture::kAccessLog);
  harness::write_file(directory.path() / "witness", fixture::kWitnessLog);
  const std::vector files{directory.path() / "access", directory.path() / "witness"};
  expect_golden("story", {tell(read_story("abc-1", files), "abc-1")});
}

}  // namespace
}  // namespace connfate::cli

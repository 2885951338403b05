// SPDX-License-Identifier: Apache-2.0
#include "cli/explain/topics.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "cli/explain/fate_topic.hpp"
#include "cli/explain/rule_list.hpp"
#include "connfate/field.hpp"
#include "witness/origin/rst_origin.hpp"
#include "witness/own_host/own_host.hpp"
#include "witness/silence/silence.hpp"

namespace connfate::cli {
namespace {

/// Whether some explanation of `word` has a part with this heading that is not empty.
bool has_part(std::string_view word, std::string_view heading) {
  const auto found = find_topics(word);
  return std::ranges::any_of(found, [heading](const Explanation& e) {
    return std::ranges::any_of(e.parts, [heading](const Paragraphs& part) {
      return part.heading == heading && !part.texts.empty() && !part.texts.front().empty();
    });
  });
}

TEST(TopicsTest, EveryFateHasAllThatItsPageSays) {
  for (int i = 0; i < kFateCount; ++i) {
    const Fate fate = static_cast<Fate>(i);
    const FatePage page = read_fate_page(fate);
    EXPECT_FALSE(page.meaning.empty()) << to_token(fate);
    EXPECT_FALSE(page.evidence.empty() && fate != Fate::kUnknown) << to_token(fate);
    EXPECT_FALSE(page.not_said.empty()) << to_token(fate);
    EXPECT_FALSE(page.elsewhere.empty()) << to_token(fate);
    EXPECT_FALSE(page.next.empty()) << to_token(fate);
    EXPECT_TRUE(has_part(to_token(fate), "It does not say")) << to_token(fate);
    EXPECT_TRUE(has_part(to_token(fate), "Rules that decide it")) << to_token(fate);
  }
}

TEST(TopicsTest, EveryFieldIsExplained) {
  for (const Field& field : fields()) {
    EXPECT_TRUE(has_part(field.name, "Spelling")) << field.name;
    EXPECT_TRUE(has_part(field.name, "Unit")) << field.name;
  }
}

TEST(TopicsTest, EveryRuleIsExplainedInTheWordsOfItsTable) {
  for (const ListedRule& rule : all_rules()) {
    const auto found = find_topics(rule.id);
    ASSERT_EQ(found.size(), 1U) << rule.id;
    EXPECT_EQ(found[0].parts.at(0).texts.at(0), rule.reason);
    EXPECT_TRUE(has_part(rule.id, "The fate")) << rule.id;
  }
}

TEST(TopicsTest, EveryRuleOfAttributionIsExplained) {
  for (const auto& rule : witness::origin_rules()) {
    EXPECT_TRUE(has_part(rule.id, "Observed")) << rule.id;
    EXPECT_TRUE(has_part(rule.id, "The line says, for example")) << rule.id;
    EXPECT_TRUE(has_part(rule.id, "Never claimed")) << rule.id;
  }
  for (const auto& rule : witness::own_host_rules()) {
    EXPECT_TRUE(has_part(rule.id, "Observed")) << rule.id;
    EXPECT_TRUE(has_part(rule.id, "How it counts")) << rule.id;
  }
  for (const auto& rule : witness::silence_rules()) {
    EXPECT_TRUE(has_part(rule.id, "Observed")) << rule.id;
    EXPECT_TRUE(has_part(rule.id, "How it counts")) << rule.id;
  }
}

TEST(TopicsTest, EveryNameThatIsOfferedIsAnswered) {
  const auto names = topic_names();
  EXPECT_GT(names.size(), 100U);
  for (const std::string& name : names) EXPECT_FALSE(find_topics(name).empty()) << name;
}

TEST(TopicsTest, PartiesPhasesClosesAndReasonsAreNames) {
  for (const char* word : {"peer", "path", "drained", "icmp", "lost_events", "evicted", "strong"}) {
    EXPECT_TRUE(has_part(word, "Meaning")) << word;
  }
}

TEST(TopicsTest, AWordWithTwoMeaningsHasTwoExplanations) {
  const auto found = find_topics("unknown");
  EXPECT_EQ(found.size(), 2U);  // a fate and a party
}

TEST(TopicsTest, AnErrnoIsKnownByNameAndByNumber) {
  EXPECT_EQ(find_topics("104").at(0).name, "ECONNRESET");
  EXPECT_EQ(find_topics("econnreset").at(0).name, "ECONNRESET");
  EXPECT_TRUE(has_part("EPIPE", "It does not say"));
  EXPECT_TRUE(has_part("ENOENT", "Meaning"));  // not about connections, and it says so
  EXPECT_TRUE(find_topics("0").empty());
  EXPECT_TRUE(find_topics("99999").empty());
}

TEST(TopicsTest, FieldsAreKnownInTheSpellingsOfTheServers) {
  EXPECT_EQ(find_topics("$connfate_snd_wnd").at(0).name, "snd_wnd");
  EXPECT_EQ(find_topics("%{connfate:snd_wnd}").at(0).name, "snd_wnd");
  EXPECT_EQ(find_topics("%{snd_wnd}^CF").at(0).name, "snd_wnd");
  EXPECT_EQ(find_topics("$connfate").at(0).name, "fate");
}

TEST(TopicsTest, WhatStandsInALineIsKnownAsItStands) {
  EXPECT_EQ(find_topics("fate=rst_received").at(0).name, "rst_received");
  EXPECT_EQ(find_topics("by=path").at(0).name, "path");
  EXPECT_EQ(find_topics("rule=rst-no-fin").at(0).name, "rst-no-fin");
  EXPECT_EQ(find_topics("err=EPIPE").at(0).name, "EPIPE");
  EXPECT_EQ(find_topics("retrans=5").at(0).name, "retrans") << "of a figure the field is meant";
}

TEST(TopicsTest, StatusesSayWhichFatesGoWithThem) {
  for (const std::string& status : status_names()) {
    EXPECT_TRUE(has_part(status, "Which fates go with it")) << status;
  }
  EXPECT_TRUE(has_part("status=499", "Meaning"));
}

TEST(TopicsTest, TheListNamesEveryTopic) {
  std::string all;
  for (const Paragraphs& part : list_of_topics().parts) all += part.texts.front() + ' ';
  for (const std::string& name : topic_names()) {
    EXPECT_NE((" " + all).find(" " + name + " "), std::string::npos) << name;
  }
}

/// A row of the table that leans on the one above, alone.
TEST(TopicsTest, AMeaningStandsAlone) {
  for (const char* field : {"acked", "notsent"}) {
    const std::string meaning = find_topics(field).at(0).parts.at(0).texts.at(0);
    EXPECT_EQ(meaning.rfind("of those", 0), std::string::npos) << meaning;
  }
}

TEST(TopicsTest, CaseDoesNotMatter) {
  EXPECT_EQ(find_topics("RST_Received").at(0).name, "rst_received");
  EXPECT_EQ(find_topics("p5").at(0).name, "P5");
}

TEST(TopicsTest, AnythingElseIsNotKnown) {
  for (const char* word : {"", " ", "token", "fate=", "|", "rst_recieved"}) {
    EXPECT_TRUE(find_topics(word).empty()) << word;
  }
}

}  // namespace
}  // namespace connfate::cli

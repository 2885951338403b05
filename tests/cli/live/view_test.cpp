// SPDX-License-Identifier: Apache-2.0
#include "cli/live/view.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <sstream>

#include <nlohmann/json.hpp>

#include "cli/live/live_socket.hpp"

namespace connfate::cli {
namespace {

using std::chrono::milliseconds;

/// One retransmitting connection, and as many like it as asked for.
Survey survey_of(std::size_t count) {
  LiveSocket socket = fixture::healthy_socket();
  socket.record.snapshot->retransmits = 2;
  Survey survey;
  survey.ports = {80, 443};
  survey.connections = 90;
  survey.troubled = count;
  for (std::size_t i = 0; i < count; ++i) {
    survey.worst.push_back({socket, *assess(socket, milliseconds(1000))});
  }
  survey.of_symptom[0] = count;
  return survey;
}

bool says(const std::string& text, std::string_view part) {
  return text.find(part) != text.npos;
}

TEST(LiveViewTest, TheTableNamesTheConnectionItsTroubleAndTheProvisionalFate) {
  const std::string table = to_table(survey_of(1), {});
  EXPECT_TRUE(says(table, "1 of 90 connections in trouble; ports 80, 443\n"));
  EXPECT_TRUE(says(table, "  retransmitting 1\n"));
  EXPECT_TRUE(says(table, "IF IT ENDED NOW"));
  EXPECT_TRUE(says(table, "203.0.113.7:51234"));
  EXPECT_TRUE(says(table, "ack_stalled"));
  EXPECT_TRUE(says(table, "00000000000012ab"));
}

TEST(LiveViewTest, ATableIsNoLongerThanTheTerminal) {
  const std::string table = to_table(survey_of(50), {.rows = 24});
  EXPECT_LE(std::ranges::count(table, '\n'), 24);
  EXPECT_TRUE(says(table, "more\n"));
  EXPECT_TRUE(says(to_table({}, {.rows = 24}), "0 of 0 connections in trouble; ports none"));
}

/// 80x24, as every terminal begins: the summary stands first, and no line is broken.
TEST(LiveViewTest, ATableFitsIntoTheWindow) {
  Survey survey = survey_of(78);
  survey.unfinished = 93;
  survey.networks = {{"203.0.113.0/24", 80, 78, 90}, {"198.51.100.0/24", 0, 0, 3}};
  const std::string table = to_table(survey, {.rows = 23, .columns = 80});
  EXPECT_TRUE(table.starts_with("78 of 90 connections in trouble; ports 80, 443\n")) << table;
  EXPECT_TRUE(says(table, "clients in 203.0.113.0/24: 78 of 80 in trouble; 90 cannot finish"))
      << table;
  EXPECT_TRUE(says(table, "clients in 198.51.100.0/24: 3 cannot finish their handshake\n"))
      << table;
  EXPECT_TRUE(says(table, "IF IT ENDED NOW TROUBLE\n")) << table;
  EXPECT_LE(std::ranges::count(table, '\n'), 23) << table;
  std::istringstream lines(table);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 80U) << line;
}

/// What one reads out on the telephone is never cut off.
TEST(LiveViewTest, TheSumOfANetworkIsWhole) {
  Survey survey = survey_of(40);
  survey.unfinished = 3;
  survey.networks = {{"198.51.100.0/24", 40, 40, 3}};
  const std::string table = to_table(survey, {.rows = 23, .columns = 80});
  EXPECT_TRUE(says(table,
                   "clients in 198.51.100.0/24: 40 of 40 in trouble; 3 cannot finish their\n"
                   "    handshake\n"))
      << table;
  EXPECT_LE(std::ranges::count(table, '\n'), 23);
}

TEST(LiveViewTest, WhereNotAllFitANetworkStandsTogether) {
  Survey survey = survey_of(4);
  for (std::size_t i : {1U, 3U}) {
    survey.worst[i].socket.record.flow.remote =
        Endpoint::from(std::array<std::uint8_t, 4>{192, 0, 2, 9}, 1000);
  }
  survey.networks = {{"192.0.2.0/24", 9, 9, 0}, {"203.0.113.0/24", 2, 2, 0}};
  const std::string table = to_table(survey, {.rows = 9, .columns = 80});
  EXPECT_TRUE(says(table, "192.0.2.9:1000")) << table;
  EXPECT_FALSE(says(table, "203.0.113.7:")) << table;
  EXPECT_TRUE(says(to_table(survey, {.rows = 9, .columns = 80, .first = 2}), "203.0.113.7:"));
}

TEST(LiveViewTest, SentencesForTheReport) {
  EXPECT_TRUE(sentences_of({}).empty()) << "nothing hangs, nothing is said";
  Survey survey = survey_of(3);
  survey.unfinished = 93;
  survey.networks = {{"203.0.113.0/24", 3, 3, 93}};
  const auto sentences = sentences_of(survey);
  ASSERT_EQ(sentences.size(), 2U);
  EXPECT_TRUE(says(sentences[0], "3 of 90 connections in trouble; 93 handshakes cannot"))
      << sentences[0];
  EXPECT_EQ(sentences[1],
            "Now clients in 203.0.113.0/24: 3 of 3 in trouble; 93 cannot finish their handshake.");
}

TEST(LiveViewTest, JsonHoldsTheSame) {
  const auto json = nlohmann::json::parse(to_json(survey_of(2), {}));
  EXPECT_EQ(json["time"], "1970-01-01T00:00:00Z");
  EXPECT_EQ(json["troubled"], 2);
  EXPECT_EQ(json["left_out"], 0);
  EXPECT_EQ(json["trouble"]["retransmitting"], 2);
  const auto& socket = json["sockets"][0];
  EXPECT_EQ(socket["client"], "203.0.113.7");
  EXPECT_EQ(socket["local_port"], 443);
  EXPECT_EQ(socket["cookie"], "00000000000012ab");
  EXPECT_EQ(socket["trouble"], nlohmann::json::array({"retransmitting"}));
  EXPECT_EQ(socket["provisional"]["fate"], "ack_stalled");
  EXPECT_EQ(socket["provisional"]["by"], "peer");
  EXPECT_EQ(socket["unacked"], 500);
}

}  // namespace
}  // namespace connfate::cli

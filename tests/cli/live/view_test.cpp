// SPDX-License-Identifier: Apache-2.0
#include "cli/live/view.hpp"

#include <gtest/gtest.h>

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
  const std::string table = to_table(survey_of(1), 100);
  EXPECT_TRUE(says(table, "1 of 90 connections in trouble; ports 80, 443\n"));
  EXPECT_TRUE(says(table, "  retransmitting 1\n"));
  EXPECT_TRUE(says(table, "IF IT ENDED NOW"));
  EXPECT_TRUE(says(table, "203.0.113.7:51234"));
  EXPECT_TRUE(says(table, "ack_stalled"));
  EXPECT_TRUE(says(table, "00000000000012ab"));
}

TEST(LiveViewTest, ATableIsNoLongerThanTheTerminal) {
  const std::string table = to_table(survey_of(50), 24);
  EXPECT_LE(std::ranges::count(table, '\n'), 24);
  EXPECT_TRUE(says(table, "more\n"));
  EXPECT_TRUE(says(to_table({}, 24), "0 of 0 connections in trouble; ports none"));
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

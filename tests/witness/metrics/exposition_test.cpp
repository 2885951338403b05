// SPDX-License-Identifier: Apache-2.0
#include "witness/metrics/exposition.hpp"

#include <gtest/gtest.h>

#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace connfate::witness {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

/// Without comments: one line each.
std::vector<std::string> series_of(const std::string& text) {
  std::vector<std::string> lines = lines_of(text);
  std::erase_if(lines, [](const std::string& line) { return line.starts_with('#'); });
  return lines;
}

bool has(const std::string& text, const std::string& line) {
  const auto lines = lines_of(text);
  return std::find(lines.begin(), lines.end(), line) != lines.end();
}

Exposed nothing_yet() {
  Exposed now;
  now.version = "1.2.3";
  return now;
}

TEST(ExpositionTest, WhatIsKnownInAdvanceIsThereFromTheStart) {
  const std::string text = exposition(nothing_yet());
  for (const char* series :
       {R"(connfate_responses_total{server="nginx",fate="delivered",by="-"} 0)",
        R"(connfate_responses_total{server="httpd",fate="rst_received",by="path"} 0)",
        R"(connfate_responses_total{server="nginx",fate="blocked_here",by="server"} 0)",
        R"(connfate_connections_total{fate="no_request",by="-"} 0)",
        R"(connfate_resets_received_total{from="client",confidence="strong"} 0)",
        R"(connfate_response_unacknowledged_bytes_total{fate="ack_timeout"} 0)",
        R"(connfate_lost_total{source="socket_events"} 0)",
        R"(connfate_build_info{version="1.2.3"} 1)"}) {
    EXPECT_TRUE(has(text, series)) << series << "\n" << text;
  }
}

TEST(ExpositionTest, SeriesAreFewAndEachIsThereOnce) {
  const auto series = series_of(exposition(nothing_yet()));
  std::set<std::string> names;
  for (const std::string& line : series) names.insert(line.substr(0, line.rfind(' ')));
  EXPECT_EQ(names.size(), series.size());
  EXPECT_LT(series.size(), 300U);
}

TEST(ExpositionTest, CountsOfTheTrackerAppearWhereTheyBelong) {
  Exposed now = nothing_yet();
  now.readings.waiting = 7;
  now.readings.tracker.lost_packets = 3;
  now.readings.skipped.add(Skipped::kMalformed);
  now.capture_complete = true;
  now.fates.add_delivered("nginx");
  const std::string text = exposition(now);
  EXPECT_TRUE(has(text, "connfate_responses_pending 7"));
  EXPECT_TRUE(has(text, R"(connfate_lost_total{source="packets"} 3)"));
  EXPECT_TRUE(has(text, R"(connfate_frames_skipped_total{reason="malformed"} 1)"));
  EXPECT_TRUE(has(text, "connfate_capture_complete 1"));
  EXPECT_TRUE(has(text, R"(connfate_responses_total{server="nginx",fate="delivered",by="-"} 1)"));
}

/// A pair that no rule is known to give is shown as soon as it was counted: nothing is hidden.
TEST(ExpositionTest, AnUnforeseenPairIsShownOnceItWasCounted) {
  Exposed now = nothing_yet();
  const std::string series =
      R"(connfate_responses_total{server="nginx",fate="delivered",by="path"})";
  EXPECT_EQ(exposition(now).find(series), std::string::npos);
  FinalLine odd;
  odd.server = "nginx";
  odd.fate = Fate::kDelivered;
  odd.by = By::kPath;
  now.fates.add(odd);
  EXPECT_TRUE(has(exposition(now), series + " 1"));
}

/// Names that a client or a request chose never become labels.
TEST(ExpositionTest, AForeignServersNameIsNoLabel) {
  Exposed now = nothing_yet();
  FinalLine line;
  line.server = "evil\"} 1\n";
  now.fates.add(line);
  const std::string text = exposition(now);
  EXPECT_EQ(text.find("evil"), std::string::npos);
  EXPECT_TRUE(
      has(text, R"(connfate_responses_total{server="other",fate="unknown",by="unknown"} 1)"));
}

}  // namespace
}  // namespace connfate::witness

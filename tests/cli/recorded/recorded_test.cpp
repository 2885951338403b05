// SPDX-License-Identifier: Apache-2.0
// The real program on logs that real servers and a real witness wrote.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "harness/process.hpp"
#include "harness/temporary_directory.hpp"

namespace connfate::cli {
namespace {

constexpr const char* kLogs = "nginx.log httpd.log witness.json";

/// In the directory of the logs, so that no path of this machine is printed. $C is the command.
harness::Outcome shell(const std::string& script) {
  return harness::run({"env", "C=" CONNFATE_PROGRAM, "bash", "-c",
                       "cd " CONNFATE_RECORDED " && set -o pipefail; " + script});
}

void expect_same(const std::string& name, const std::string& text) {
  const std::filesystem::path file = std::filesystem::path(CONNFATE_RECORDED) / "golden" / name;
  if (std::getenv("CONNFATE_WRITE_GOLDEN") != nullptr) harness::write_file(file, text);
  EXPECT_EQ(text, harness::read_file(file)) << file;
}

void expect_golden(const std::string& name, const std::string& script) {
  const auto outcome = shell(script);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
  expect_same(name, outcome.output);
}

/// The first line of the witness about a response with that fate, of that server.
nlohmann::json verdict(const std::string& server, const std::string& fate) {
  std::ifstream in(std::filesystem::path(CONNFATE_RECORDED) / "witness.json");
  for (std::string line; std::getline(in, line);) {
    auto json = nlohmann::json::parse(line);
    const bool is_it = json["event"] == "response" && json["final"] == true &&
                       json["server"] == server && json["fate"] == fate;
    if (is_it) return json;
  }
  throw std::runtime_error("the recorded log has no " + fate + " of " + server);
}

std::string story_of(const std::string& server, const std::string& fate) {
  return "$C explain " + verdict(server, fate)["cookie"].get<std::string>() + " " + kLogs;
}

TEST(RecordedTest, report) {
  expect_golden("report.txt", std::string("$C report ") + kLogs);
}

TEST(RecordedTest, report_without_the_witness) {
  expect_golden("report-access-logs.txt", "$C report nginx.log httpd.log");
}

TEST(RecordedTest, report_json) {
  const std::string json = shell(std::string("$C report --json ") + kLogs).output;
  expect_same("report.json", nlohmann::ordered_json::parse(json).dump(1) + '\n');
}

TEST(RecordedTest, report_csv) {
  expect_golden("report.csv", std::string("$C report --csv ") + kLogs);
}

TEST(RecordedTest, lines_of_what_was_reset) {
  expect_golden("show-rst.txt", std::string("$C report --show rst_received --place ") + kLogs);
}

TEST(RecordedTest, story_of_a_reset) {
  expect_golden("story-rst.txt", story_of("nginx", "rst_received"));
}

TEST(RecordedTest, story_of_a_black_hole) {
  expect_golden("story-black-hole.txt", story_of("httpd", "ack_timeout"));
}

TEST(RecordedTest, story_of_an_icmp_error) {
  expect_golden("story-icmp.txt", story_of("nginx", "unreachable"));
}

TEST(RecordedTest, story_of_our_own_fault) {
  expect_golden("story-server.txt", story_of("nginx", "server_abort"));
}

TEST(RecordedTest, every_request_is_joined_with_its_verdict) {
  const auto report = nlohmann::json::parse(shell(std::string("$C report --json ") + kLogs).output);
  EXPECT_EQ(report["lines"]["unparsable"], 0) << report["lines"];
  EXPECT_EQ(report["lines"]["without_fate"], 0);
  EXPECT_EQ(report["lines"]["requests"], report["lines"]["counted"]);
  EXPECT_EQ(report["witness"]["joined"], report["lines"]["counted"]) << report["witness"];
  EXPECT_EQ(report["witness"]["unused"], 0);
  EXPECT_FALSE(report["fates"].contains("pending")) << report["fates"];
}

TEST(RecordedTest, it_does_not_matter_how_the_logs_arrive) {
  const std::string whole = shell(std::string("$C report --json ") + kLogs).output;
  EXPECT_EQ(shell("T=$(mktemp -d) && gzip -c nginx.log >$T/n && gzip -c witness.json >$T/w && "
                  "$C report --json $T/n httpd.log $T/w; rm -r $T")
                .output,
            whole);
  EXPECT_EQ(shell("cat witness.json nginx.log httpd.log | $C report --json -").output, whole);
}

}  // namespace
}  // namespace connfate::cli

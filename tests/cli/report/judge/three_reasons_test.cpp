// SPDX-License-Identifier: Apache-2.0
// The promise of `connfate report`: who never saw the tool finds three planted reasons among
// 200,000 requests with one report and two drill-downs. The real program, on a real file.
#include <gtest/gtest.h>

#include <algorithm>
#include <regex>

#include "cli/report/planted_log.hpp"
#include "harness/process.hpp"
#include "harness/temporary_directory.hpp"

namespace connfate::cli::report {
namespace {

class ThreeReasonsTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    directory_ = new harness::TemporaryDirectory("report");
    write_planted_log(log());
  }
  static void TearDownTestSuite() { delete directory_; }

  static std::filesystem::path log() { return directory_->path() / "access.log"; }

  /// The report's own hint, as a person would copy it behind the command.
  static harness::Outcome drill_down(const std::string& options) {
    return harness::run({"sh", "-c", CONNFATE_PROGRAM " report " + log().string() + " " + options});
  }

  /// One line, whatever the width.
  static std::string report() {
    const auto outcome = harness::run({CONNFATE_PROGRAM, "report", log()});
    EXPECT_EQ(outcome.exit_code, 0);
    return std::regex_replace(outcome.output, std::regex("\n +"), " ");
  }

  static std::ptrdiff_t lines_in(const std::string& text) {
    return std::count(text.begin(), text.end(), '\n');
  }

 private:
  static inline harness::TemporaryDirectory* directory_ = nullptr;
};

/// Noise may have added a few to what was planted.
void expect_match(const std::string& text, const char* pattern) {
  EXPECT_TRUE(std::regex_search(text, std::regex(pattern))) << pattern << "\n" << text;
}

TEST_F(ThreeReasonsTest, one_report_names_all_three) {
  const std::string text = report();
  expect_match(text, "3[0-9][0-9] of 200,000 requests were in trouble");
  expect_match(text, "rst_received: 10[0-9] of 1,325 requests of clients in 198.51.100.0/24");
  expect_match(text,
               "(9[0-9]|10[0-9]) of 10[0-9] were logged from 2026-11-24T09:30:0[0-9]Z to "
               "2026-11-24T09:4[0-9]");
  expect_match(text, "ack_stalled: 10[0-9] of 495 requests of host files.example.org");
  expect_match(text, "10[0-9] of [0-9]+ not acknowledged from 1,400 bytes on, [01] of");
  expect_match(text, "client_abort: 10[0-9] of [0-9]+ requests of path /export/report");
  expect_match(text, "10[0-9] of 10[0-9] ended after 60 to 62 s. That fits a timer of 60 s");
}

TEST_F(ThreeReasonsTest, each_goes_to_those_who_can_mend_it) {
  const std::string text = report();
  expect_match(text, "For the network team: from 2026-11-24T09:30:0[0-9]Z to [^ ]+, a RST arrived");
  expect_match(text, "For the network team: [^?]*files.example.org[^?]*full-sized packet");
  expect_match(text, "Not a matter for the network team: [^?]*Which of them has a timeout of 60 s");
}

TEST_F(ThreeReasonsTest, nothing_else_is_accused) {
  const std::string text = report();
  std::ptrdiff_t hints = 0;
  for (auto at = text.find("lines: --where"); at != text.npos;
       at = text.find("lines: --where", at + 1)) {
    ++hints;
  }
  EXPECT_EQ(hints, 3) << text;
}

TEST_F(ThreeReasonsTest, the_hints_of_the_report_show_the_lines_behind_it) {
  const std::string text = report();
  const std::regex hint("lines: (--where fate=(rst_received|client_abort) [^ ]+ [^ ]+ --show)");
  int drill_downs = 0;
  for (std::sregex_iterator at(text.begin(), text.end(), hint), end; at != end; ++at) {
    const auto outcome = drill_down((*at)[1].str());
    EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
    EXPECT_GE(lines_in(outcome.output), 100) << outcome.output;
    ++drill_downs;
  }
  EXPECT_EQ(drill_downs, 2) << text;
}

TEST_F(ThreeReasonsTest, a_drill_down_with_a_condition_of_figures) {
  const std::string host = "--where host=files.example.org --where 'written";
  const auto small = drill_down(host + "<=1400' --show ack_stalled");
  EXPECT_LE(lines_in(small.output), 1) << small.output;
  const auto large = drill_down(host + ">1400' --show ack_stalled --limit 1000");
  EXPECT_EQ(large.exit_code, 0);
  EXPECT_GE(lines_in(large.output), 100) << large.output;
}

}  // namespace
}  // namespace connfate::cli::report

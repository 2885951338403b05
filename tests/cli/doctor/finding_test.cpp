// SPDX-License-Identifier: Apache-2.0
#include "cli/doctor/finding.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "cli/doctor/host.hpp"

namespace connfate::cli {
namespace {

const Finding kOkOne{Level::kOk, "kernel", "fine"};
const Finding kWarningOne{Level::kWarning, "nginx log", "no \x1b[2J field", "write one"};
const Finding kProblemOne{Level::kProblem, "witness", "gone", "start it"};

TEST(FindingTest, the_worst_one_is_the_exit_code) {
  const auto code = [](const Findings& findings) { return exit_code_of(worst_of(findings)); };
  EXPECT_EQ(code({}), 0);
  EXPECT_EQ(code({kOkOne}), 0);
  EXPECT_EQ(code({kOkOne, kWarningOne, kOkOne}), 1);
  EXPECT_EQ(code({kProblemOne, kWarningOne}), 2);
}

TEST(FindingTest, text_has_the_remedy_below_and_no_escape_sequence) {
  EXPECT_EQ(to_text(Findings{kOkOne, kWarningOne}),
            "ok       kernel         fine\n"
            "warning  nginx log      no \\x1b[2J field\n"
            "                        -> write one\n");
}

TEST(FindingTest, json_for_monitoring) {
  const auto json = nlohmann::json::parse(to_json(Findings{kOkOne, kProblemOne}));
  EXPECT_EQ(json["level"], "problem");
  EXPECT_EQ(json["findings"][0],
            (nlohmann::json{{"level", "ok"}, {"about", "kernel"}, {"text", "fine"}}));
  EXPECT_EQ(json["findings"][1]["mend"], "start it");
}

TEST(FindingTest, this_kernel_is_looked_at) {
  Findings findings;
  check_kernel(findings);
  expect_remedies(findings);
  ASSERT_EQ(findings.size(), 3U) << lines_of(findings);
  EXPECT_EQ(findings[0].about, "kernel");
  EXPECT_EQ(findings[1].about, "cookie");
  EXPECT_EQ(findings[2].about, "sock_diag");
}

TEST(FindingTest, a_host_without_anything) {
  const Host host;
  const Findings findings = check_all(host.options());
  expect_remedies(findings);
  EXPECT_NE(lines_of(findings).find("neither nginx nor Apache httpd was found"), std::string::npos);
}

}  // namespace
}  // namespace connfate::cli

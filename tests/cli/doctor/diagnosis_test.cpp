// SPDX-License-Identifier: Apache-2.0
#include "cli/doctor/diagnosis.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "cli/doctor/host.hpp"

namespace connfate::cli {
namespace {

const Diagnosis kOkOne{Level::kOk, "kernel", "fine"};
const Diagnosis kWarningOne{Level::kWarning, "nginx log", "no \x1b[2J field", "write one"};
const Diagnosis kProblemOne{Level::kProblem, "witness", "gone", "start it"};

TEST(DiagnosisTest, the_worst_one_is_the_exit_code) {
  const auto code = [](const Diagnoses& diagnoses) { return exit_code_of(worst_of(diagnoses)); };
  EXPECT_EQ(code({}), 0);
  EXPECT_EQ(code({kOkOne}), 0);
  EXPECT_EQ(code({kOkOne, kWarningOne, kOkOne}), 1);
  EXPECT_EQ(code({kProblemOne, kWarningOne}), 2);
}

TEST(DiagnosisTest, text_has_the_remedy_below_and_no_escape_sequence) {
  EXPECT_EQ(to_text(Diagnoses{kOkOne, kWarningOne}),
            "ok       kernel         fine\n"
            "warning  nginx log      no \\x1b[2J field\n"
            "                        -> write one\n");
}

TEST(DiagnosisTest, json_for_monitoring) {
  const auto json = nlohmann::json::parse(to_json(Diagnoses{kOkOne, kProblemOne}));
  EXPECT_EQ(json["level"], "problem");
  EXPECT_EQ(json["findings"][0],
            (nlohmann::json{{"level", "ok"}, {"about", "kernel"}, {"text", "fine"}}));
  EXPECT_EQ(json["findings"][1]["mend"], "start it");
}

TEST(DiagnosisTest, this_kernel_is_looked_at) {
  Diagnoses diagnoses;
  check_kernel(diagnoses);
  expect_remedies(diagnoses);
  ASSERT_EQ(diagnoses.size(), 3U) << lines_of(diagnoses);
  EXPECT_EQ(diagnoses[0].about, "kernel");
  EXPECT_EQ(diagnoses[1].about, "cookie");
  EXPECT_EQ(diagnoses[2].about, "sock_diag");
}

TEST(DiagnosisTest, a_host_without_anything) {
  const Host host;
  const Diagnoses diagnoses = check_all(host.options());
  expect_remedies(diagnoses);
  EXPECT_NE(lines_of(diagnoses).find("neither nginx nor Apache httpd was found"),
            std::string::npos);
}

}  // namespace
}  // namespace connfate::cli

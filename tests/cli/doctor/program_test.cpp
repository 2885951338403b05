// SPDX-License-Identifier: Apache-2.0
// The real program: `connfate doctor` on a host of the test, its words and its exit code.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "cli/doctor/host.hpp"
#include "harness/process.hpp"

namespace connfate::cli {
namespace {

harness::Outcome doctor(const Host& host, std::vector<std::string> options = {}) {
  std::vector<std::string> command{CONNFATE_PROGRAM, "doctor", "--root", (host / "/").string()};
  command.insert(command.end(), options.begin(), options.end());
  return harness::run(std::move(command));
}

/// A problem comes before the missing witness, which is a warning.
TEST(DoctorProgramTest, exit_codes_for_monitoring) {
  const Host host;
  const auto warnings = doctor(host);
  EXPECT_EQ(warnings.exit_code, 1) << warnings.output;
  if (!host.install("/usr/sbin/nginx")) GTEST_SKIP() << "nginx is not installed";
  host.write("/etc/nginx/nginx.conf", "load_module modules/ngx_http_connfate_module.so;");
  const auto problems = doctor(host);
  EXPECT_EQ(problems.exit_code, 2) << problems.output;
  EXPECT_NE(problems.output.find("problem  nginx module"), std::string::npos) << problems.output;
  EXPECT_EQ(doctor(host, {"--nosuch"}).exit_code, 2);
}

TEST(DoctorProgramTest, json) {
  const Host host;
  const auto json = nlohmann::json::parse(doctor(host, {"--json"}).output);
  EXPECT_EQ(json["level"], "warning");
  EXPECT_EQ(json["v"], 1);
  for (const auto& diagnosis : json["findings"]) {
    EXPECT_EQ(diagnosis.contains("mend"), diagnosis["level"] != "ok") << diagnosis.dump();
  }
}

TEST(DoctorProgramTest, it_changes_nothing) {
  const Host host;
  (void)host.install("/usr/sbin/nginx");
  host.write("/etc/nginx/nginx.conf", "pid /run/nginx.pid; error_log /var/log/e; http {}");
  const auto list = [&host] { return harness::run({"find", (host / "/").string()}).output; };
  const std::string before = list();
  (void)doctor(host);
  EXPECT_EQ(list(), before);
}

}  // namespace
}  // namespace connfate::cli

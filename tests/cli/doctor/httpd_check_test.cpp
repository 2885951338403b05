// SPDX-License-Identifier: Apache-2.0
// What doctor says of the distribution's httpd with good and bad modules and configurations.
#include <gtest/gtest.h>

#include "cli/doctor/host.hpp"

namespace connfate::cli {
namespace {

constexpr const char* kProgram = "/usr/sbin/apache2";
constexpr const char* kModule = "/usr/lib/apache2/modules/mod_connfate.so";
constexpr const char* kMain = "/etc/apache2/apache2.conf";

constexpr std::string_view kGood = R"(
Define LIB /usr/lib/apache2/modules
LoadModule connfate_module ${LIB}/mod_connfate.so
LogFormat "%h %l %u %t \"%r\" %>s %O %^CF" fate
CustomLog /var/log/apache2/access.log fate
<VirtualHost *:80>
  connfate on
</VirtualHost>
IncludeOptional conf-enabled/*.conf
)";

class HttpdCheckTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!host_.install(kProgram)) GTEST_SKIP() << kProgram << " is not installed";
  }

  bool has_module() { return host_.install_module("httpd", kModule); }

  Diagnoses check(std::string_view configuration) {
    host_.write(kMain, configuration);
    Diagnoses diagnoses;
    check_httpd(host_.options(), diagnoses, reporters_);
    expect_remedies(diagnoses);
    return diagnoses;
  }

  Host host_;
  Reporters reporters_;
};

TEST_F(HttpdCheckTest, all_is_well) {
  if (!has_module()) GTEST_SKIP() << "the module is not built here";
  host_.write("/etc/apache2/conf-enabled/w.conf", "ConnFateWitness \\\n  /run/w.sock\n");
  const Diagnoses diagnoses = check(kGood);
  EXPECT_EQ(worst_of(diagnoses), Level::kOk) << lines_of(diagnoses);
  EXPECT_NE(lines_of(diagnoses).find("/usr/sbin/apache2 is Apache httpd 2.4."), std::string::npos);
  ASSERT_EQ(reporters_.size(), 1U);
  EXPECT_EQ(reporters_[0].server, "httpd");
  EXPECT_EQ(reporters_[0].socket, "/run/w.sock") << "through two files";
}

TEST_F(HttpdCheckTest, a_module_for_another_httpd) {
  if (!host_.install_module("httpd", kModule, bytes_of(20120211), bytes_of(20051115))) {
    GTEST_SKIP() << "the module is not built here";
  }
  const Diagnoses module = about(check(kGood), "httpd module");
  ASSERT_EQ(module.size(), 1U);
  EXPECT_EQ(module[0].level, Level::kProblem);
  EXPECT_NE(module[0].text.find("module magic 20051115"), std::string::npos) << module[0].text;
}

TEST_F(HttpdCheckTest, a_module_that_is_not_there_or_no_module) {
  EXPECT_EQ(worst_of(about(check(kGood), "httpd module")), Level::kProblem);
  host_.write(kModule, "text");
  EXPECT_EQ(worst_of(about(check(kGood), "httpd module")), Level::kProblem);
}

TEST_F(HttpdCheckTest, not_loaded) {
  const Diagnoses diagnoses = check("ConnFate On\n# LoadModule connfate_module mod_connfate.so\n");
  EXPECT_EQ(worst_of(diagnoses), Level::kWarning) << lines_of(diagnoses);
  EXPECT_NE(lines_of(diagnoses).find("no LoadModule names connfate_module"), std::string::npos);
}

TEST_F(HttpdCheckTest, loaded_and_off) {
  (void)has_module();
  const Diagnoses diagnoses = about(
      check("LoadModule connfate_module /usr/lib/apache2/modules/mod_connfate.so\nConnFate Off\n"),
      "httpd");
  EXPECT_EQ(worst_of(diagnoses), Level::kProblem);
  EXPECT_NE(lines_of(diagnoses).find("ConnFate is not On anywhere"), std::string::npos);
}

TEST_F(HttpdCheckTest, nothing_of_it_in_the_log) {
  (void)has_module();
  const Diagnoses log = about(
      check("LoadModule connfate_module /usr/lib/apache2/modules/mod_connfate.so\nConnFate On\n"
            "CustomLog access.log combined\n"),
      "httpd log");
  ASSERT_EQ(log.size(), 1U);
  EXPECT_EQ(log[0].level, Level::kWarning);
}

}  // namespace
}  // namespace connfate::cli

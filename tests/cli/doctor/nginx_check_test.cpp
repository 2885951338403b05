// SPDX-License-Identifier: Apache-2.0
// What doctor says of the distribution's nginx with good and bad modules and configurations.
#include <gtest/gtest.h>

#include "cli/doctor/host.hpp"
#include "cli/doctor/server_binary.hpp"

namespace connfate::cli {
namespace {

constexpr const char* kProgram = "/usr/sbin/nginx";
constexpr const char* kModule = "/usr/share/nginx/modules/ngx_http_connfate_module.so";
constexpr const char* kMain = "/etc/nginx/nginx.conf";

constexpr std::string_view kGood = R"(
load_module modules/ngx_http_connfate_module.so;
http {
  log_format fate '$remote_addr [$time_local] "$request" $status $connfate_log';
  access_log /var/log/nginx/access.log fate;
  connfate on;  # everywhere
  include /etc/nginx/sites/*.conf;
}
)";

class NginxCheckTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!host_.install(kProgram)) GTEST_SKIP() << kProgram << " is not installed";
  }

  bool has_module() { return host_.install_module("nginx", kModule); }

  Diagnoses check(const DoctorOptions& options) {
    Diagnoses diagnoses;
    check_nginx(options, diagnoses, reporters_);
    expect_remedies(diagnoses);
    return diagnoses;
  }
  Diagnoses check() { return check(host_.options()); }
  Diagnoses check(std::string_view configuration) {
    host_.write(kMain, configuration);
    return check();
  }

  Host host_;
  Reporters reporters_;
};

TEST_F(NginxCheckTest, all_is_well) {
  if (!has_module()) GTEST_SKIP() << "the module is not built here";
  host_.write("/etc/nginx/sites/a.conf", "server { connfate_witness /run/w.sock; }");
  const Diagnoses diagnoses = check(kGood);
  EXPECT_EQ(worst_of(diagnoses), Level::kOk) << lines_of(diagnoses);
  EXPECT_NE(lines_of(diagnoses).find("nginx: /usr/sbin/nginx is nginx 1."), std::string::npos);
  EXPECT_NE(lines_of(diagnoses).find("its signature fits"), std::string::npos);
  EXPECT_NE(lines_of(diagnoses).find("1 of 1 servers have connfate fields in every log"),
            std::string::npos);
  ASSERT_EQ(reporters_.size(), 1U);
  EXPECT_EQ(reporters_[0].server, "nginx");
  EXPECT_EQ(reporters_[0].socket, "/run/w.sock");
}

TEST_F(NginxCheckTest, a_module_for_another_version) {
  const auto here = read_nginx_program(kProgram);  // server_binary_test asks nginx itself
  ASSERT_TRUE(here);
  if (!host_.install_module("nginx", kModule, bytes_of(here->build.version),
                            bytes_of(std::uint64_t{1024007}))) {
    GTEST_SKIP() << "the module is not built here";
  }
  const Diagnoses module = about(check(kGood), "nginx module");
  ASSERT_EQ(module.size(), 1U);
  EXPECT_EQ(module[0].level, Level::kProblem);
  EXPECT_NE(module[0].text.find("is built for nginx 1.24.7"), std::string::npos) << module[0].text;
  EXPECT_NE(module[0].text.find("this nginx is " + version_text(here->build)), std::string::npos)
      << module[0].text;
}

TEST_F(NginxCheckTest, a_module_for_another_build_of_the_same_version) {
  if (!host_.install_module("nginx", kModule, "8,4,8,", "8,4,4,")) {
    GTEST_SKIP() << "the module is not built here";
  }
  const Diagnoses module = about(check(kGood), "nginx module");
  ASSERT_EQ(module.size(), 1U);
  EXPECT_EQ(module[0].level, Level::kProblem) << module[0].text;
  EXPECT_NE(module[0].text.find("signature 8,4,4,"), std::string::npos) << module[0].text;
}

TEST_F(NginxCheckTest, a_module_that_is_not_there) {
  const Diagnoses module = about(check(kGood), "nginx module");
  ASSERT_EQ(module.size(), 1U);
  EXPECT_EQ(module[0].level, Level::kProblem);
}

TEST_F(NginxCheckTest, a_module_that_is_no_module) {
  for (const std::string_view content : {"",
                                         "\x7f"
                                         "ELF",
                                         "text"}) {
    host_.write(kModule, content);
    EXPECT_EQ(worst_of(about(check(kGood), "nginx module")), Level::kProblem) << content;
  }
}

TEST_F(NginxCheckTest, a_module_before_it_is_loaded) {
  if (!host_.install_module("nginx", "/tmp/ngx_http_connfate_module.so")) {
    GTEST_SKIP() << "the module is not built here";
  }
  host_.write(kMain, "events {}");
  DoctorOptions options = host_.options();
  options.modules = {"/tmp/ngx_http_connfate_module.so"};
  const Diagnoses module = about(check(options), "nginx module");
  ASSERT_EQ(module.size(), 2U);
  EXPECT_EQ(module[0].level, Level::kOk) << module[0].text;
  EXPECT_EQ(module[1].level, Level::kWarning) << "not loaded yet";
}

TEST_F(NginxCheckTest, a_relative_module_is_where_the_caller_is) {
  if (!host_.install_module("nginx", "/ngx_http_connfate_module.so")) {
    GTEST_SKIP() << "the module is not built here";
  }
  DoctorOptions options = host_.options();
  options.modules = {std::filesystem::relative(host_ / "/ngx_http_connfate_module.so")};
  const Diagnoses module = about(check(options), "nginx module");
  ASSERT_FALSE(module.empty());
  EXPECT_EQ(module[0].level, Level::kOk) << module[0].text;
}

TEST_F(NginxCheckTest, not_loaded) {
  const Diagnoses diagnoses = check("http { connfate on; }");
  EXPECT_EQ(worst_of(diagnoses), Level::kWarning);
  EXPECT_NE(lines_of(diagnoses).find("no load_module names"), std::string::npos);
}

TEST_F(NginxCheckTest, loaded_and_off) {
  (void)has_module();
  for (const char* off : {"", "connfate off;", "# connfate on;"}) {
    const Diagnoses diagnoses = about(
        check(std::string("load_module modules/ngx_http_connfate_module.so; http {") + off + "\n}"),
        "nginx");
    EXPECT_EQ(worst_of(diagnoses), Level::kProblem) << off;
    EXPECT_NE(lines_of(diagnoses).find("connfate is not on anywhere"), std::string::npos) << off;
  }
}

TEST_F(NginxCheckTest, nothing_of_it_in_the_log) {
  (void)has_module();
  const std::string load = "load_module modules/ngx_http_connfate_module.so; connfate on;";
  const Diagnoses none = about(check(load + "log_format a '$status';"), "nginx log");
  EXPECT_EQ(worst_of(none), Level::kWarning) << lines_of(none);
  const Diagnoses unused = about(check(load + "http { connfate on; log_format a '${connfate}'; "
                                              "access_log f combined; server { server_name s; } }"),
                                 "nginx log");
  EXPECT_EQ(worst_of(unused), Level::kWarning) << lines_of(unused);
  EXPECT_NE(unused[0].text.find("server s (/etc/nginx/nginx.conf:1): no fate in access_log f"),
            std::string::npos)
      << lines_of(unused);
}

/// The first way: two lines, and no site is touched.
TEST_F(NginxCheckTest, a_witness_needs_no_log_format) {
  if (!has_module()) GTEST_SKIP() << "the module is not built here";
  const Diagnoses diagnoses = check(
      "load_module modules/ngx_http_connfate_module.so; http { connfate on; "
      "connfate_witness /run/w.sock; access_log /l/a; server { access_log /l/b; } server { } }");
  EXPECT_EQ(worst_of(diagnoses), Level::kOk) << lines_of(diagnoses);
  EXPECT_NE(lines_of(diagnoses).find("ok nginx: 2 of 2 servers report to the witness"),
            std::string::npos)
      << lines_of(diagnoses);
}

TEST_F(NginxCheckTest, a_map_that_keeps_its_first_value) {
  (void)has_module();
  const std::string good(kGood);
  const Diagnoses frozen = check(good + "map $connfate $bad { default 1; }");
  EXPECT_NE(lines_of(frozen).find("map $connfate $bad: keeps the value of its first use"),
            std::string::npos);
  const Diagnoses fresh = check(good + "map $connfate $bad { volatile; default 1; }");
  EXPECT_EQ(lines_of(fresh).find("keeps the value"), std::string::npos) << lines_of(fresh);
}

TEST_F(NginxCheckTest, a_configuration_that_cannot_be_read) {
  const Diagnoses diagnoses = check();
  EXPECT_EQ(worst_of(diagnoses), Level::kWarning);
  EXPECT_NE(lines_of(diagnoses).find("cannot read /etc/nginx/nginx.conf"), std::string::npos);
}

TEST_F(NginxCheckTest, a_dump_instead_of_the_files) {
  (void)has_module();
  host_.write("/dump",
              std::string("# configuration file /etc/nginx/nginx.conf:\n") + std::string(kGood));
  DoctorOptions options = host_.options();
  options.nginx_dump = host_ / "/dump";
  const Diagnoses diagnoses = check(options);
  EXPECT_NE(lines_of(diagnoses).find("ok nginx: connfate is on"), std::string::npos)
      << lines_of(diagnoses);
}

TEST_F(NginxCheckTest, a_program_that_is_no_nginx) {
  host_.write("/opt/nginx", "#!/bin/sh\n");
  DoctorOptions options = host_.options();
  options.nginx = "/opt/nginx";
  const Diagnoses diagnoses = check(options);
  EXPECT_EQ(worst_of(diagnoses), Level::kWarning);
  EXPECT_NE(lines_of(diagnoses).find("/opt/nginx cannot be read as an nginx"), std::string::npos);
}

}  // namespace
}  // namespace connfate::cli

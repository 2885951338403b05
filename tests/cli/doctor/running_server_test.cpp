// SPDX-License-Identifier: Apache-2.0
// A server that has not read what the files say now; /proc is written by the test.
#include "cli/doctor/running_server.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>

#include "cli/doctor/host.hpp"

namespace connfate::cli {
namespace {

class RunningServerTest : public testing::Test {
 protected:
  static std::int64_t now() {
    return std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  }

  /// `age`: how many seconds ago it was started.
  void add_process(const std::string& pid, const std::string& parent, std::int64_t age,
                   const std::string& command = "nginx: master process /usr/sbin/nginx") {
    host_.write("/proc/stat", "cpu 1\nbtime 1000000000\n");
    const std::int64_t ticks = (now() - age - 1'000'000'000) * ::sysconf(_SC_CLK_TCK);
    host_.write("/proc/" + pid + "/comm", "nginx\n");
    host_.write("/proc/" + pid + "/cmdline", command + '\0');
    host_.write("/proc/" + pid + "/stat", pid + " (nginx) x) S " + parent +
                                              " 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 " +
                                              std::to_string(ticks) + " 0\n");
  }
  void map_module(const std::string& pid) {
    host_.write("/proc/" + pid + "/maps", "00 r-xp /usr/lib/ngx_http_connfate_module.so\n");
  }

  Diagnoses check() {
    host_.write("/etc/nginx/nginx.conf", "http {}");
    const auto configuration =
        read_nginx_configuration(host_.options().root, "/etc/nginx/nginx.conf");
    Diagnoses diagnoses;
    check_running(host_.options(), configuration,
                  {.about = "nginx running",
                   .names = {"nginx"},
                   .module_file = "ngx_http_connfate_module.so",
                   .main_file = "/etc/nginx/nginx.conf",
                   .reload = "nginx -s reload"},
                  diagnoses);
    expect_remedies(diagnoses);
    return diagnoses;
  }

  Host host_;
};

TEST_F(RunningServerTest, none_runs) {
  EXPECT_TRUE(check().empty());
}

TEST_F(RunningServerTest, its_workers_are_older_than_a_file) {
  add_process("10", "1", 100);
  add_process("11", "10", 60);
  map_module("10");
  const Diagnoses diagnoses = check();
  ASSERT_EQ(diagnoses.size(), 1U) << lines_of(diagnoses);
  EXPECT_EQ(diagnoses[0].level, Level::kWarning);
  EXPECT_NE(diagnoses[0].text.find("before /etc/nginx/nginx.conf was changed"), std::string::npos)
      << diagnoses[0].text;
  EXPECT_EQ(diagnoses[0].mend, "nginx -s reload");
}

TEST_F(RunningServerTest, one_young_worker_proves_that_it_may_have_read_it) {
  add_process("10", "1", 100);
  add_process("11", "10", 60);
  add_process("12", "10", -5);
  map_module("10");
  const Diagnoses diagnoses = check();
  ASSERT_EQ(diagnoses.size(), 1U);
  EXPECT_EQ(diagnoses[0].level, Level::kOk) << lines_of(diagnoses);
}

TEST_F(RunningServerTest, the_module_is_not_mapped) {
  add_process("10", "1", -5);
  host_.write("/proc/10/maps", "00 r-xp /usr/sbin/nginx\n");
  const Diagnoses diagnoses = check();
  ASSERT_EQ(diagnoses.size(), 1U);
  EXPECT_NE(diagnoses[0].text.find("pid 10 has not loaded"), std::string::npos);
}

TEST_F(RunningServerTest, one_with_a_file_of_its_own_is_not_this_one) {
  add_process("10", "1", 100, "nginx: master process nginx -c /srv/other.conf");
  EXPECT_TRUE(check().empty());
  add_process("10", "1", 100, "nginx: master process nginx -c /etc/nginx/nginx.conf");
  EXPECT_EQ(check().size(), 1U);
}

TEST_F(RunningServerTest, what_may_not_be_looked_at_is_not_claimed) {
  add_process("10", "1", -5);
  EXPECT_TRUE(check().empty()) << "no maps, and no file is newer";
}

}  // namespace
}  // namespace connfate::cli

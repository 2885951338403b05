// SPDX-License-Identifier: Apache-2.0
// Of which host a line is, and when lines that do not say it can be of one only.
#include "cli/report/input/log_hosts.hpp"

#include <gtest/gtest.h>

#include "cli/log/line_parser.hpp"
#include "cli/report/lines.hpp"

namespace connfate::cli::report {
namespace {

using Side = LogHosts::Side;

class LogHostsTest : public testing::Test {
 protected:
  void note(const std::string& file, const std::string& more) {
    const std::string line = line_of({.more = more});
    log::LineParser parser;
    log::Record record;
    record.source = file;
    parser.parse(line, record);
    hosts_.note(record);
  }
  void note(Side side, std::string_view file) { hosts_.note_file(side, file, file); }
  std::string_view node_in(std::string_view file) const {
    return hosts_.node_of(Side::kServer, file, {});
  }

  LogHosts hosts_;
};

TEST_F(LogHostsTest, a_line_says_it_itself) {
  note("a.log", "cookie=0000000000000001 node=web1");
  EXPECT_EQ(hosts_.node_of(Side::kServer, "a.log", "web2"), "web2");
}

TEST_F(LogHostsTest, or_the_other_lines_of_its_file_do) {
  EXPECT_EQ(node_in("a.log"), "");
  note("a.log", "cookie=0000000000000001");
  EXPECT_EQ(node_in("a.log"), "");
  note("a.log", "cookie=0000000000000001 node=web1");
  EXPECT_EQ(node_in("a.log"), "web1");
  EXPECT_EQ(node_in("b.log"), "");
  EXPECT_EQ(hosts_.node_of(Side::kWitness, "a.log", {}), "");
}

TEST_F(LogHostsTest, unless_they_are_of_several) {
  for (const char* node : {"web1", "web2", "web3"}) note("all.log", std::string("node=") + node);
  EXPECT_EQ(node_in("all.log"), "");
  EXPECT_FALSE(hosts_.are_one_pair());
}

TEST_F(LogHostsTest, rotated_files_are_one_and_those_of_two_hosts_are_two) {
  for (const char* file : {"/srv/web1/access.log", "/srv/web1/access.log.1",
                           "/srv/web1/access.log.2.gz", "/srv/web1/access.log-20261124.zst"}) {
    note(Side::kServer, file);
  }
  note(Side::kWitness, "witness.log");
  EXPECT_TRUE(hosts_.are_one_pair());
  note(Side::kServer, "/srv/web2/access.log");
  EXPECT_FALSE(hosts_.are_one_pair());
}

/// Two sites whose healthy lines are all they have so far.
TEST_F(LogHostsTest, what_the_servers_of_this_host_log_is_of_this_host) {
  for (const char* file :
       {"/var/log/nginx/a.log", "/var/log/nginx/b.log", "/var/log/apache2/c.log"}) {
    note(Side::kServer, file);
  }
  note(Side::kWitness, "/var/log/connfate/witness.log");
  EXPECT_TRUE(hosts_.are_one_pair());
  note(Side::kServer, "/var/log/remote/web2/access.log");
  EXPECT_FALSE(hosts_.are_one_pair());
}

TEST_F(LogHostsTest, what_ends_in_a_figure_may_be_the_name_of_a_host) {
  for (const char* file : {"web-1", "logs/10.0.0.2", "access.web1", "x.log.d", ""}) {
    EXPECT_EQ(LogHosts::host_of_path(file), file);
  }
  EXPECT_EQ(LogHosts::host_of_path("access_log.1700000000"), "access_log");
  EXPECT_EQ(LogHosts::host_of_path("web1.log.2026-11-24.gz"), "web1.log");
}

}  // namespace
}  // namespace connfate::cli::report

// SPDX-License-Identifier: Apache-2.0
// Programs and modules as files: the distribution's, and damaged ones.
#include "cli/doctor/server_binary.hpp"

#include <gtest/gtest.h>

#include "cli/doctor/host.hpp"
#include "harness/process.hpp"

namespace connfate::cli {
namespace {

TEST(ServerBinaryTest, nginx_says_of_itself_what_we_read) {
  const auto program = read_nginx_program("/usr/sbin/nginx");
  if (!program) GTEST_SKIP() << "nginx is not installed";
  const std::string said = harness::run({"/usr/sbin/nginx", "-V"}).output;
  EXPECT_NE(said.find("nginx/" + version_text(program->build)), said.npos) << said;
  EXPECT_NE(said.find("--prefix=" + program->prefix.string()), said.npos) << said;
  EXPECT_NE(said.find("--conf-path=" + program->configuration.string()), said.npos) << said;
}

TEST(ServerBinaryTest, httpd_says_of_itself_what_we_read) {
  const auto program = read_httpd_program("/usr/sbin/apache2");
  if (!program) GTEST_SKIP() << "httpd is not installed";
  const std::string said = harness::run({"/usr/sbin/apache2", "-V"}).output;
  EXPECT_NE(said.find("Apache/" + program->version), said.npos) << said;
  EXPECT_NE(said.find("Magic Number: " + std::to_string(program->build.magic_major) + ":" +
                      std::to_string(program->build.magic_minor)),
            said.npos)
      << said;
  EXPECT_NE(said.find("HTTPD_ROOT=\"" + program->root.string()), said.npos) << said;
}

TEST(ServerBinaryTest, one_is_not_the_other) {
  EXPECT_FALSE(read_nginx_program("/usr/sbin/apache2"));
  EXPECT_FALSE(read_httpd_program("/usr/sbin/nginx"));
  EXPECT_FALSE(read_nginx_program("/bin/true"));
  EXPECT_FALSE(read_nginx_module("/nonexistent"));
  EXPECT_FALSE(read_httpd_module("/"));
}

TEST(ServerBinaryTest, a_later_minor_magic_number_fits_and_an_earlier_does_not) {
  EXPECT_TRUE(fits({20120211, 100}, {20120211, 142}));
  EXPECT_FALSE(fits({20120211, 143}, {20120211, 142}));
  EXPECT_FALSE(fits({20051115, 1}, {20120211, 142}));
}

TEST(ServerBinaryTest, a_file_that_is_cut_or_damaged_is_no_module) {
  const Host host;
  if (!host.install_module("nginx", "/whole.so")) GTEST_SKIP() << "the module is not built here";
  const std::string whole = harness::read_file(host / "/whole.so");
  for (std::size_t size = 0; size < whole.size(); size = size * 3 / 2 + 7) {
    host.write("/cut.so", whole.substr(0, size));
    (void)read_nginx_module(host / "/cut.so");
    std::string damaged = whole;
    damaged.replace(size, 8, "\xff\xff\xff\xff\xff\xff\xff\x7f");
    host.write("/damaged.so", damaged.substr(0, whole.size()));
    (void)read_nginx_module(host / "/damaged.so");
  }
  EXPECT_TRUE(read_nginx_module(host / "/whole.so"));
}

}  // namespace
}  // namespace connfate::cli

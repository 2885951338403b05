// SPDX-License-Identifier: Apache-2.0
// The two readers of configurations, on what the servers accept, and on what nobody would.
#include <gtest/gtest.h>

#include "cli/doctor/directive.hpp"
#include "cli/doctor/host.hpp"

namespace connfate::cli {
namespace {

using Words = std::vector<std::string>;

class ConfigurationTest : public testing::Test {
 protected:
  Configuration nginx(std::string_view text) {
    host_.write("/etc/nginx/nginx.conf", text);
    return read_nginx_configuration(host_.options().root, "/etc/nginx/nginx.conf");
  }
  Configuration httpd(std::string_view text) {
    host_.write("/etc/apache2/apache2.conf", text);
    return read_httpd_configuration(host_.options().root, "/etc/apache2/apache2.conf",
                                    "/etc/apache2");
  }

  Host host_;
};

TEST_F(ConfigurationTest, nginx_words_and_quotes) {
  const auto read = nginx("log_format a '$x \"y\"' \"it\\\"s\" ${z}b;#no\nconnfate on;");
  ASSERT_EQ(read.directives.size(), 2U);
  EXPECT_EQ(read.directives[0].words, (Words{"log_format", "a", "$x \"y\"", "it\"s", "${z}b"}));
  EXPECT_TRUE(read.has("connfate", "on"));
}

TEST_F(ConfigurationTest, nginx_blocks_know_their_parent) {
  const auto read = nginx("http { map $a $b { volatile; } server { } } events {}");
  ASSERT_EQ(read.directives.size(), 5U);
  EXPECT_EQ(read.directives[1].parent, 0U);
  EXPECT_EQ(read.directives[2].parent, 1U);
  EXPECT_EQ(read.directives[3].parent, 0U);
  EXPECT_EQ(read.directives[4].parent, Directive::kTop);
}

TEST_F(ConfigurationTest, nginx_includes) {
  host_.write("/etc/nginx/sites/a.conf", "connfate on;");
  host_.write("/etc/nginx/sites/b.conf", "include sites/a.conf;");
  EXPECT_TRUE(nginx("include sites/*.conf;").has("connfate", "on"));
  EXPECT_EQ(nginx("include sites/*.conf;").files.size(), 4U) << "a twice, as nginx reads it";
}

TEST_F(ConfigurationTest, an_include_that_includes_itself_ends) {
  EXPECT_LE(nginx("include nginx.conf;").files.size(), 100U);
  EXPECT_LE(httpd("Include apache2.conf\n").files.size(), 100U);
}

TEST_F(ConfigurationTest, httpd_words_continuations_and_defines) {
  const auto read = httpd(
      "Define DIR /x\nCustomLog \\\n  \"${DIR}/a b\" fate\n# ConnFate On\n<IfModule x>\n"
      "connfate ON\n</IfModule>\nA ${UNKNOWN} ${\n");
  ASSERT_GE(read.directives.size(), 4U);
  EXPECT_EQ(read.directives[1].words, (Words{"CustomLog", "/x/a b", "fate"}));
  EXPECT_TRUE(read.has("ConnFate", "On")) << "names of directives and switches know no case";
}

TEST_F(ConfigurationTest, httpd_includes_a_directory) {
  host_.write("/etc/apache2/extra/1", "ServerRoot /srv\nInclude more.conf\n");
  host_.write("/srv/more.conf", "ConnFate On\n");
  EXPECT_TRUE(httpd("IncludeOptional extra\nIncludeOptional none/*.conf\n").has("ConnFate", "On"));
}

TEST_F(ConfigurationTest, a_file_that_is_missing_is_told) {
  const auto read = read_nginx_configuration(host_.options().root, "/etc/none.conf");
  ASSERT_EQ(read.unread.size(), 1U);
  EXPECT_EQ(read.unread[0], "/etc/none.conf: No such file or directory");
}

TEST_F(ConfigurationTest, nonsense_is_read_to_its_end) {
  for (const std::string_view text :
       {std::string_view("\"'\\"), std::string_view("}}}{;{"), std::string_view("${"),
        std::string_view("\0\xff;x\0{", 7), std::string_view("a \\"), std::string_view("'")}) {
    (void)nginx(text);
    (void)httpd(text);
    (void)parse_nginx_dump(text);
  }
  EXPECT_TRUE(nginx("} connfate on;").has("connfate", "on"));
}

}  // namespace
}  // namespace connfate::cli

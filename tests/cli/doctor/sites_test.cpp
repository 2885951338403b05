// SPDX-License-Identifier: Apache-2.0
// Which servers and virtual hosts are covered, as the servers inherit: Debian's own default sites
// have logs of their own, and those are what a newcomer has.
#include "cli/doctor/sites.hpp"

#include <gtest/gtest.h>

#include "cli/doctor/host.hpp"

namespace connfate::cli {
namespace {

constexpr const char* kFormat = "log_format fate '$status $connfate_log';";

class SitesTest : public testing::Test {
 protected:
  std::vector<Site> nginx(const std::string& http) {
    host_.write("/etc/nginx/nginx.conf", "events {}\nhttp {\n" + http + "\n}\n");
    return nginx_sites(read_nginx_configuration(host_.options().root, "/etc/nginx/nginx.conf"));
  }
  std::vector<Site> httpd(const std::string& text) {
    host_.write("/etc/apache2/apache2.conf", text);
    return httpd_sites(read_httpd_configuration(host_.options().root, "/etc/apache2/apache2.conf",
                                                "/etc/apache2"));
  }

  Host host_;
};

using Logs = std::vector<std::string>;

TEST_F(SitesTest, nginx_an_inner_access_log_replaces_the_outer_ones) {
  host_.write("/etc/nginx/sites/shop",
              "server {\n listen 80;\n server_name shop.example x;\n"
              " access_log /var/log/nginx/shop.log;\n}\n");
  const auto sites = nginx(std::string(kFormat) +
                           "connfate on; access_log /l/fate.log fate; include sites/*;"
                           "server { listen 81; }");
  ASSERT_EQ(sites.size(), 2U);
  EXPECT_EQ(sites[0].name, "shop.example");
  EXPECT_EQ(sites[0].place, "/etc/nginx/sites/shop:1");
  EXPECT_TRUE(sites[0].is_on);
  EXPECT_FALSE(sites[0].logs_fate);
  EXPECT_EQ(sites[0].blind_logs, Logs{"access_log /var/log/nginx/shop.log"});
  EXPECT_EQ(sites[1].name, "81");
  EXPECT_TRUE(sites[1].logs_fate);
  EXPECT_TRUE(sites[1].blind_logs.empty());
}

TEST_F(SitesTest, nginx_one_log_with_a_fate_beside_others_is_enough) {
  const auto sites = nginx(std::string(kFormat) +
                           "connfate on; server { server_name a; access_log /l/a; "
                           "access_log /l/fate fate; location /x { access_log /l/x; } "
                           "location /y { access_log off; } }");
  ASSERT_EQ(sites.size(), 1U);
  EXPECT_TRUE(sites[0].logs_fate);
  EXPECT_EQ(sites[0].blind_logs, Logs{"access_log /l/x"}) << "a location replaces as well";
}

TEST_F(SitesTest, nginx_without_any_access_log_its_default_is_written) {
  const auto sites = nginx("connfate on; server { }");
  ASSERT_EQ(sites.size(), 1U);
  EXPECT_EQ(sites[0].blind_logs, Logs{"nginx's default access_log"});
}

TEST_F(SitesTest, nginx_a_server_of_an_upstream_is_none_and_off_is_off) {
  const auto sites = nginx(
      "connfate on; upstream b { server 127.0.0.1:81; } server { server_name a; connfate off; }"
      "server { server_name b; }");
  ASSERT_EQ(sites.size(), 2U);
  EXPECT_FALSE(sites[0].is_on);
  EXPECT_TRUE(sites[1].is_on);
}

TEST_F(SitesTest, httpd_a_custom_log_of_a_host_replaces_the_servers_but_no_global_log) {
  const std::string head = "LogFormat \"%h %^CF\" fate\nConnFate On\nCustomLog /l/fate.log fate\n";
  const std::string host =
      "<VirtualHost *:80>\n ServerName shop\n <IfModule x>\n CustomLog /l/shop.log combined\n"
      "</IfModule>\n</VirtualHost>\n<VirtualHost *:81>\n</VirtualHost>\n";
  const auto sites = httpd(head + host);
  ASSERT_EQ(sites.size(), 2U);
  EXPECT_EQ(sites[0].name, "shop");
  EXPECT_EQ(sites[0].place, "/etc/apache2/apache2.conf:4");
  EXPECT_EQ(sites[0].blind_logs, Logs{"CustomLog /l/shop.log"});
  EXPECT_EQ(sites[1].name, "*:81");
  EXPECT_TRUE(sites[1].logs_fate);
  for (const Site& site : httpd(head + "GlobalLog /l/g.log fate\n" + host)) {
    EXPECT_TRUE(site.logs_fate) << site.name;
    EXPECT_TRUE(site.blind_logs.empty()) << site.name;
  }
}

TEST_F(SitesTest, httpd_without_hosts_the_server_itself_is_one) {
  const auto sites = httpd("ConnFate On\nCustomLog /l/a combined\n");
  ASSERT_EQ(sites.size(), 1U);
  EXPECT_TRUE(sites[0].is_on);
  EXPECT_EQ(sites[0].blind_logs, Logs{"CustomLog /l/a"});
}

TEST_F(SitesTest, httpd_a_host_may_switch_it_off) {
  const auto sites = httpd(
      "ConnFate On\n<VirtualHost *:80>\nConnFate Off\n</VirtualHost>\n<VirtualHost *:81>\n"
      "</VirtualHost>\n");
  ASSERT_EQ(sites.size(), 2U);
  EXPECT_FALSE(sites[0].is_on);
  EXPECT_TRUE(sites[1].is_on);
}

constexpr SiteWords kWords{
    .about = "nginx", .log = "nginx log", .site = "server", .turn_on = "on", .log_it = "log"};

TEST_F(SitesTest, a_witness_makes_logs_a_matter_of_choice) {
  const std::vector<Site> sites = {{"a", "f:1", true, false, {"access_log x"}},
                                   {"b", "f:2", true, true, {}},
                                   {"c", "f:3", false, false, {}}};
  Diagnoses without;
  check_sites(sites, false, kWords, without);
  EXPECT_NE(lines_of(without).find("warning nginx log: server a (f:1): no fate in access_log x"),
            std::string::npos)
      << lines_of(without);
  EXPECT_NE(lines_of(without).find("1 of 3 servers have connfate fields"), std::string::npos);
  Diagnoses with;
  check_sites(sites, true, kWords, with);
  EXPECT_NE(lines_of(with).find("ok nginx: 2 of 3 servers report to the witness"),
            std::string::npos)
      << lines_of(with);
  EXPECT_NE(lines_of(with).find("ok nginx log: server a (f:1): no fate in access_log x; the"),
            std::string::npos);
  EXPECT_NE(lines_of(with).find("warning nginx: server c (f:3) is not covered"), std::string::npos);
  expect_remedies(with);
  expect_remedies(without);
}

TEST_F(SitesTest, a_thousand_sites_do_not_fill_the_screen) {
  const std::vector<Site> sites(1000, Site{"a", "f:1", true, false, {"access_log x"}});
  Diagnoses diagnoses;
  check_sites(sites, false, kWords, diagnoses);
  EXPECT_LE(diagnoses.size(), 25U);
  EXPECT_NE(diagnoses.back().text.find("and 980 more servers"), std::string::npos)
      << lines_of(diagnoses);
}

}  // namespace
}  // namespace connfate::cli

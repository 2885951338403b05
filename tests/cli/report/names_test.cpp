// SPDX-License-Identifier: Apache-2.0
// The names that requests are grouped by.
#include <gtest/gtest.h>

#include "cli/report/count/group_table.hpp"
#include "cli/report/input/client_prefix.hpp"
#include "cli/report/input/uri_pattern.hpp"

namespace connfate::cli::report {
namespace {

std::string network(std::string_view client) {
  std::string scratch;
  return std::string(network_of(client, scratch));
}

std::string pattern(std::string_view uri) {
  std::string scratch;
  return std::string(pattern_of(uri, scratch));
}

TEST(NamesTest, networks) {
  EXPECT_EQ(network("203.0.113.7"), "203.0.113.0/24");
  EXPECT_EQ(network("::ffff:203.0.113.7"), "203.0.113.0/24") << "a listener for both families";
  EXPECT_EQ(network("2001:db8:1:2::3"), "2001:db8:1::/48");
  EXPECT_EQ(network("client.example.net"), "client.example.net");
  EXPECT_EQ(network("unix:"), "unix:");
  EXPECT_EQ(network(""), "");
}

TEST(NamesTest, patterns) {
  EXPECT_EQ(pattern("/user/17/photo"), "/user/*/photo");
  EXPECT_EQ(pattern("/17"), "/*");
  EXPECT_EQ(pattern("/a?x=17"), "/a");
  EXPECT_EQ(pattern("/item/0b5ae4a2-6f1c-4f0e-9a57-3a0d7f6f0c11/x"), "/item/*/x");
  EXPECT_EQ(pattern("/a1/b-2"), "/a1/b-2");
  EXPECT_EQ(pattern("/deadbeef"), "/deadbeef");
  EXPECT_EQ(pattern("/"), "/");
  EXPECT_EQ(pattern(""), "");
  EXPECT_EQ(pattern("//17//"), "//*//");
  EXPECT_EQ(pattern("/" + std::string(1000, 'x')).size(), kLongestPath);
}

TEST(NamesTest, a_full_table_keeps_the_names_with_trouble_and_counts_the_rest) {
  GroupTable table(100);
  ++table.at("troubled").fates[Fate::kRstReceived];
  for (int i = 0; i < 10'000; ++i) ++table.at("n" + std::to_string(i)).fates[Fate::kPending];
  EXPECT_LE(table.groups().size(), 100U);
  EXPECT_EQ(table.at("troubled").fates[Fate::kRstReceived], 1U);
  std::uint64_t kept = 0;
  for (const auto& [name, group] : table.groups()) kept += group.fates.total();
  EXPECT_EQ(kept + table.other().total(), 10'001U);
  EXPECT_EQ(table.names_dropped() + table.groups().size(), 10'001U);
}

}  // namespace
}  // namespace connfate::cli::report

// SPDX-License-Identifier: Apache-2.0
#include "witness/daemon/heard_servers.hpp"

#include <gtest/gtest.h>

namespace connfate::witness {
namespace {

using Names = std::vector<std::string>;

TEST(HeardServersTest, each_is_new_once_and_again_in_another_file) {
  HeardServers heard;
  for (const char* server : {"nginx", "nginx", "httpd", "nginx"}) heard.note(server);
  EXPECT_EQ(heard.take_new(), (Names{"nginx", "httpd"}));
  heard.note("nginx");
  EXPECT_TRUE(heard.take_new().empty());
  heard.begin_again();
  heard.note("nginx");
  EXPECT_EQ(heard.take_new(), Names{"nginx"});
}

/// A report is a claim: whoever may send one may not fill the log or the memory with names.
TEST(HeardServersTest, names_are_few_and_short) {
  HeardServers heard;
  heard.note("");
  heard.note(std::string(HeardServers::kLongest + 1, 'x'));
  for (int i = 0; i < 1000; ++i) heard.note(std::to_string(i));
  EXPECT_EQ(heard.take_new().size(), HeardServers::kMost);
}

}  // namespace
}  // namespace connfate::witness

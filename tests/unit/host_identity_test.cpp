// SPDX-License-Identifier: Apache-2.0
#include "connfate/host_identity.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <string>

namespace connfate {
namespace {

TEST(HostIdentityTest, IsThisHostsNameAndTheKernelsBoot) {
  std::array<char, 256> name{};
  ASSERT_EQ(::gethostname(name.data(), name.size() - 1), 0);
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::string boot_id;
  ASSERT_TRUE(std::getline(file, boot_id));

  const HostIdentity host = HostIdentity::read();
  EXPECT_EQ(host.node(), std::string(name.data()).substr(0, kNodeSize));
  ASSERT_TRUE(host.boot());
  std::array<char, 9> digits{};
  std::snprintf(digits.data(), digits.size(), "%08x", *host.boot());
  EXPECT_EQ(std::string(digits.data()), boot_id.substr(0, 8));
}

TEST(HostIdentityTest, ANameStandsInEveryFormatAsItIs) {
  for (const char* good : {"web1", "web-1.example.com", "WEB_1"}) {
    EXPECT_EQ(HostIdentity::complaint_about(good), "") << good;
  }
  for (const char* bad : {"", "web 1", "web\"1", "web=1", "w\xc3\xa9", "a\nb"}) {
    EXPECT_NE(HostIdentity::complaint_about(bad), "") << bad;
  }
  EXPECT_EQ(HostIdentity::complaint_about(std::string(kNodeSize, 'a')), "");
  EXPECT_NE(HostIdentity::complaint_about(std::string(kNodeSize + 1, 'a')), "");
}

TEST(HostIdentityTest, AConfiguredNameReplacesTheHosts) {
  HostIdentity host = HostIdentity::read();
  host.rename("proxy-7");
  EXPECT_EQ(host.node(), "proxy-7");
  host.rename("w");
  EXPECT_EQ(host.node(), "w");
}

}  // namespace
}  // namespace connfate

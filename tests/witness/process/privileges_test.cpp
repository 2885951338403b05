// SPDX-License-Identifier: Apache-2.0
#include "witness/process/privileges.hpp"

#include <gtest/gtest.h>
#include <linux/if_packet.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include "witness/sources/in_child.hpp"

namespace connfate::witness {
namespace {

const auto kNobody = find_account("nobody");

bool may_capture() {
  const int fd = ::socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd >= 0) ::close(fd);
  return fd >= 0;
}

bool has_nothing_left() {
  const Privileges held = held_privileges();
  return !held.capture && !held.large_buffers && !held.change_user && !may_capture() &&
         ::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1;
}

class PrivilegesTest : public testing::Test {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "needs root to have something to drop";
    if (!kNobody) GTEST_SKIP() << "there is no user nobody";
  }
};

TEST_F(PrivilegesTest, RootHasThem) {
  EXPECT_EQ(held_privileges().capture, may_capture());
  EXPECT_TRUE(held_privileges().change_user);
}

TEST_F(PrivilegesTest, NothingIsLeftAfterBecomingAnother) {
  EXPECT_EQ(fixture::in_child([] {
              drop_privileges(kNobody);
              return has_nothing_left() && ::getuid() == kNobody->uid &&
                     ::geteuid() == kNobody->uid && ::getegid() == kNobody->gid &&
                     ::getgroups(0, nullptr) == 0;
            }),
            0);
}

TEST_F(PrivilegesTest, ThereIsNoWayBack) {
  EXPECT_EQ(fixture::in_child([] {
              drop_privileges(kNobody);
              return ::setuid(0) != 0 && ::seteuid(0) != 0 && ::setgid(0) != 0;
            }),
            0);
}

TEST_F(PrivilegesTest, NothingIsLeftWithoutAnotherUser) {
  EXPECT_EQ(fixture::in_child([] {
              drop_privileges(std::nullopt);
              return has_nothing_left() && ::geteuid() == 0;
            }),
            0);
}

TEST_F(PrivilegesTest, OnlyRootBecomesAnother) {
  EXPECT_EQ(fixture::in_child([] {
              drop_privileges(kNobody);
              try {
                drop_privileges(Account{"root", 0, 0});
                return false;
              } catch (const std::runtime_error&) {
                return ::geteuid() == kNobody->uid;
              }
            }),
            0);
}

TEST(AccountTest, IsFoundByNameOrNumber) {
  EXPECT_EQ(find_uid("0"), 0U);
  EXPECT_EQ(find_uid("root"), 0U);
  EXPECT_EQ(find_uid("4711"), 4711U);
  EXPECT_FALSE(find_uid("no-such-user-here"));
  EXPECT_FALSE(find_uid("47x"));
}

}  // namespace
}  // namespace connfate::witness

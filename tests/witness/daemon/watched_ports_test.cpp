// SPDX-License-Identifier: Apache-2.0
#include "witness/daemon/watched_ports.hpp"

#include <gtest/gtest.h>

namespace connfate::witness {
namespace {

using Ports = std::vector<std::uint16_t>;

TEST(WatchedPortsTest, AreThoseOfOptionsReportsAndListeners) {
  WatchedPorts ports;
  EXPECT_TRUE(ports.add(8080));
  EXPECT_TRUE(ports.set_listening({22, 80}));
  EXPECT_EQ(ports.list(), (Ports{22, 80, 8080}));
  EXPECT_TRUE(ports.served().contains(80));
  EXPECT_FALSE(ports.served().contains(81));
}

TEST(WatchedPortsTest, SayWhetherAnythingChanged) {
  WatchedPorts ports;
  ports.set_listening({80});
  EXPECT_FALSE(ports.set_listening({80}));
  EXPECT_FALSE(ports.add(80));
  EXPECT_TRUE(ports.set_listening({80, 81}));
}

TEST(WatchedPortsTest, APortOfAReportOutlivesItsListener) {
  WatchedPorts ports;
  ports.set_listening({80, 9000});
  ports.add(80);
  EXPECT_TRUE(ports.set_listening({}));
  EXPECT_EQ(ports.list(), Ports{80});
  EXPECT_FALSE(ports.served().contains(9000));
}

}  // namespace
}  // namespace connfate::witness

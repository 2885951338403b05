// SPDX-License-Identifier: Apache-2.0
#include "connfate/tcp_state.hpp"

#include <gtest/gtest.h>

namespace connfate {
namespace {

struct StateRow {
  int number;
  std::string_view name;
  bool sent_fin;
  bool received_fin;
};

constexpr StateRow kStates[] = {
    {0, "-", false, false},
    {1, "ESTABLISHED", false, false},
    {2, "SYN_SENT", false, false},
    {3, "SYN_RECV", false, false},
    {4, "FIN_WAIT1", true, false},
    {5, "FIN_WAIT2", true, false},
    {6, "TIME_WAIT", true, true},
    {7, "CLOSE", false, false},
    {8, "CLOSE_WAIT", false, true},
    {9, "LAST_ACK", true, true},
    {10, "LISTEN", false, false},
    {11, "CLOSING", true, true},
    {12, "NEW_SYN_RECV", false, false},
    {13, "-", false, false},
    {255, "-", false, false},
};

TEST(TcpStateTest, NamesAndFinsAreTheKernels) {
  for (const StateRow& row : kStates) {
    const auto state = static_cast<TcpState>(row.number);
    EXPECT_EQ(to_token(state), row.name) << row.number;
    EXPECT_EQ(has_sent_fin(state), row.sent_fin) << row.name;
    EXPECT_EQ(has_received_fin(state), row.received_fin) << row.name;
  }
}

}  // namespace
}  // namespace connfate

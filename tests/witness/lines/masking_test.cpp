// SPDX-License-Identifier: Apache-2.0
#include "witness/lines/masking.hpp"

#include <gtest/gtest.h>

#include "witness/events.hpp"

namespace connfate::witness {
namespace {

TEST(MaskingTest, LeavesOnlyTheNetworkInFieldsAndWords) {
  FinalLine line;
  line.flow = events::flow(40000);
  line.rule = "final-rst";
  line.evidence = {"ICMP host unreachable from 192.0.2.7", "ttl 64, client's handshake 52"};
  for (const std::string& text : {to_json(masked(line)), to_logfmt(masked(line))}) {
    EXPECT_EQ(text.find("192.0.2.7"), std::string::npos) << text;
    EXPECT_NE(text.find("192.0.2.0"), std::string::npos) << text;
    EXPECT_NE(text.find("198.51.100.1"), std::string::npos) << "the server is no secret: " << text;
    EXPECT_NE(text.find("40000"), std::string::npos) << text;
  }
}

TEST(MaskingTest, KeepsTheSiteOfAnIpv6Client) {
  FinalLine line;
  const std::array<std::uint8_t, 16> client{0x20, 0x01, 0x0d, 0xb8, 0, 1, 0, 2, 3};
  line.flow = {events::flow().local, Endpoint::from(client, 40000)};
  EXPECT_NE(to_json(masked(line)).find("\"client\":\"2001:db8:1::\""), std::string::npos)
      << to_json(masked(line));
}

}  // namespace
}  // namespace connfate::witness

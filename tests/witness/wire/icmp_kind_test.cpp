// SPDX-License-Identifier: Apache-2.0
#include "witness/wire/icmp_kind.hpp"

#include <gtest/gtest.h>

#include <set>
#include <tuple>

namespace connfate::witness {
namespace {

TEST(IcmpKindTest, NoCodeStandsTwiceAndEachHasAName) {
  std::set<std::tuple<bool, int, int>> seen;
  for (const IcmpKind& kind : icmp_kinds()) {
    EXPECT_TRUE(seen.emplace(kind.is_ipv4, kind.type, kind.code).second) << kind.text;
    EXPECT_FALSE(kind.text.empty());
    EXPECT_TRUE(is_icmp_error(kind.is_ipv4, kind.type)) << kind.text;
  }
}

/// Whoever forbids is blamed: what is in that set is written down here once more.
TEST(IcmpKindTest, OnlyTheseForbid) {
  std::set<std::tuple<bool, int, int>> forbidden;
  for (int type = 0; type < 256; ++type) {
    for (int code = 0; code < 256; ++code) {
      for (const bool ipv4 : {true, false}) {
        const auto kind =
            icmp_kind_of(ipv4, static_cast<std::uint8_t>(type), static_cast<std::uint8_t>(code));
        if (kind.meaning == IcmpMeaning::kForbidden) forbidden.emplace(ipv4, type, code);
      }
    }
  }
  EXPECT_EQ(forbidden, (std::set<std::tuple<bool, int, int>>{{true, 3, 2},
                                                             {true, 3, 3},
                                                             {true, 3, 9},
                                                             {true, 3, 10},
                                                             {true, 3, 13},
                                                             {false, 1, 1},
                                                             {false, 1, 4},
                                                             {false, 1, 5},
                                                             {false, 1, 6}}));
}

TEST(IcmpKindTest, AnUnknownCodeIsWhatItsTypeSays) {
  EXPECT_EQ(icmp_kind_of(true, 3, 99).meaning, IcmpMeaning::kUnreachable);
  EXPECT_EQ(icmp_kind_of(true, 3, 99).text, "error");
  EXPECT_EQ(icmp_kind_of(false, 2, 7).meaning, IcmpMeaning::kTooBig);
  EXPECT_EQ(icmp_kind_of(false, 3, 9).meaning, IcmpMeaning::kExpired);
  EXPECT_EQ(icmp_kind_of(true, 12, 2).meaning, IcmpMeaning::kOther);
}

TEST(IcmpKindTest, EchoAndNeighbourMessagesAreNoErrors) {
  for (const int type : {0, 4, 5, 8, 9, 10, 13}) {
    EXPECT_FALSE(is_icmp_error(true, static_cast<std::uint8_t>(type))) << type;
  }
  for (const int type : {0, 100, 128, 129, 135, 136, 137}) {
    EXPECT_FALSE(is_icmp_error(false, static_cast<std::uint8_t>(type))) << type;
  }
}

}  // namespace
}  // namespace connfate::witness

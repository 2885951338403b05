// SPDX-License-Identifier: Apache-2.0
#include "connfate/reset_code.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace connfate {
namespace {

std::string text_of(std::uint32_t code) {
  std::array<char, 48> buffer{};
  CharWriter out(buffer.data(), buffer.size());
  write_reset_code(code, out);
  return std::string(out.view());
}

TEST(ResetCodeTest, HasTheNamesOfTheRfc) {
  EXPECT_EQ(text_of(0x0), "NO_ERROR");
  EXPECT_EQ(text_of(0x2), "INTERNAL_ERROR");
  EXPECT_EQ(text_of(0x3), "FLOW_CONTROL_ERROR");
  EXPECT_EQ(text_of(0x7), "REFUSED_STREAM");
  EXPECT_EQ(text_of(0x8), "CANCEL");
  EXPECT_EQ(text_of(0xb), "ENHANCE_YOUR_CALM");
  EXPECT_EQ(text_of(0xd), "HTTP_1_1_REQUIRED");
}

TEST(ResetCodeTest, ACodeWithoutANameIsItsNumber) {
  EXPECT_EQ(text_of(0xe), "0xe");
  EXPECT_EQ(text_of(0x2a), "0x2a");
  EXPECT_EQ(text_of(0xffffffff), "0xffffffff");
}

}  // namespace
}  // namespace connfate

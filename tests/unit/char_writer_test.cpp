// SPDX-License-Identifier: Apache-2.0
#include "connfate/char_writer.hpp"

#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <string>

namespace connfate {
namespace {

constexpr auto kMax = std::numeric_limits<std::uint64_t>::max();

TEST(CharWriterTest, WritesTextDecimalAndHex) {
  std::array<char, 64> buffer{};
  CharWriter out(buffer.data(), buffer.size());
  out.text("a=");
  out.decimal(0);
  out.text(" b=");
  out.decimal(kMax);
  out.text(" c=");
  out.hex16(0xbeef);
  EXPECT_EQ(out.view(), "a=0 b=18446744073709551615 c=000000000000beef");
  EXPECT_FALSE(out.overflowed());
}

TEST(CharWriterTest, EveryNumberOfDigitsIsWritten) {
  std::uint64_t power = 1;
  for (int digits = 1; digits <= 20; ++digits, power *= 10) {
    const std::uint64_t highest = digits == 20 ? kMax : power * 10 - 1;
    for (const std::uint64_t value : {power, power + 1, power + power / 9 * 7, highest}) {
      std::array<char, 20> buffer{};
      CharWriter out(buffer.data(), static_cast<std::size_t>(digits));
      out.decimal(value);
      ASSERT_EQ(out.view(), std::to_string(value));
      ASSERT_FALSE(out.overflowed());
    }
  }
}

TEST(CharWriterTest, ANumberIsCutLikeAText) {
  for (std::size_t size = 0; size < 20; ++size) {
    std::array<char, 20> buffer{};
    buffer.fill('#');
    CharWriter out(buffer.data(), size);
    out.decimal(kMax);
    EXPECT_EQ(out.view(), std::to_string(kMax).substr(0, size));
    EXPECT_TRUE(out.overflowed());
    EXPECT_EQ(buffer[size], '#');
  }
}

TEST(CharWriterTest, GoesBackAlsoBehindAnOverflow) {
  std::array<char, 4> buffer{};
  CharWriter out(buffer.data(), buffer.size());
  out.text("ab");
  const CharWriter::Mark mark = out.mark();
  out.text("cdefg");
  EXPECT_TRUE(out.overflowed());
  out.back_to(mark);
  EXPECT_FALSE(out.overflowed());
  out.text("xy");
  EXPECT_EQ(out.view(), "abxy");
}

TEST(CharWriterTest, HexAlwaysHasSixteenDigits) {
  std::array<char, 32> buffer{};
  CharWriter out(buffer.data(), buffer.size());
  out.hex16(0);
  out.hex16(kMax);
  EXPECT_EQ(out.view(), "0000000000000000ffffffffffffffff");
}

TEST(CharWriterTest, CutsAtTheEndAndSaysSo) {
  std::array<char, 8> buffer{};
  buffer.fill('#');
  CharWriter out(buffer.data(), 5);
  out.text("abc");
  EXPECT_FALSE(out.overflowed());
  out.decimal(12345);
  EXPECT_EQ(out.view(), "abc12");
  EXPECT_TRUE(out.overflowed());
  EXPECT_EQ(std::string_view(buffer.data() + 5, 3), "###") << "wrote past the end";
}

TEST(CharWriterTest, ExactFitDoesNotOverflow) {
  std::array<char, 3> buffer{};
  CharWriter out(buffer.data(), buffer.size());
  out.text("abc");
  EXPECT_FALSE(out.overflowed());
  out.text("");
  EXPECT_FALSE(out.overflowed());
  out.text("d");
  EXPECT_TRUE(out.overflowed());
  EXPECT_EQ(out.size(), 3U);
}

TEST(CharWriterTest, EmptyBufferTakesNothing) {
  char nothing = '#';
  CharWriter out(&nothing, 0);
  out.decimal(1);
  EXPECT_TRUE(out.overflowed());
  EXPECT_EQ(out.view(), "");
  EXPECT_EQ(nothing, '#');
}

}  // namespace
}  // namespace connfate

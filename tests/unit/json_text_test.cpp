// SPDX-License-Identifier: Apache-2.0
#include "connfate/json_text.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace connfate {
namespace {

std::string json_of(std::string_view text) {
  std::vector<char> buffer(2 + kJsonGrowth * text.size());
  CharWriter out(buffer.data(), buffer.size());
  write_json_text(text, out);
  EXPECT_FALSE(out.overflowed()) << "one byte became more than kJsonGrowth";
  return std::string(out.view());
}

TEST(JsonTextTest, IsPrintableAsciiWhateverAStrangerWrote) {
  struct Row {
    std::string_view text;
    std::string_view json;
  };
  using namespace std::string_view_literals;
  for (const Row& row : std::initializer_list<Row>{
           {"", R"("")"},
           {"/a b?c", R"("/a b?c")"},
           {"\"\\", R"("\"\\")"},
           {"a\nb\r\t\0c"sv, R"("a\u000ab\u000d\u0009\u0000c")"},
           {"\x7f", R"("\u007f")"},
           {"\xc3\xa9", R"("\u00e9")"},                            // e with acute
           {"\xc2\x9b", R"("\u009b")"},                            // C1: CSI of terminals
           {"\xe2\x80\xae", R"("\u202e")"},                        // right-to-left override
           {"\xe2\x80\xa8", R"("\u2028")"},                        // line separator
           {"\xf0\x9f\x98\x80", R"("\ud83d\ude00")"},              // a pair of surrogates
           {"\xff", R"("\ufffd")"},                                // no UTF-8
           {"\xc0\x80", R"("\ufffd\ufffd")"},                      // overlong
           {"\xed\xa0\x80", R"("\ufffd\ufffd\ufffd")"},            // a surrogate by itself
           {"\xf4\x90\x80\x80", R"("\ufffd\ufffd\ufffd\ufffd")"},  // beyond U+10FFFF
           {"\xe2\x82", R"("\ufffd\ufffd")"},                      // cut short
       }) {
    EXPECT_EQ(json_of(row.text), row.json);
  }
}

}  // namespace
}  // namespace connfate

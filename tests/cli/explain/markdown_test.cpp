// SPDX-License-Identifier: Apache-2.0
#include "cli/explain/markdown.hpp"

#include <gtest/gtest.h>

namespace connfate::cli {
namespace {

using Texts = std::vector<std::string>;

constexpr std::string_view kPage =
    "# Title\n\nBefore.\n\n## `one`\n\nFirst line\nsecond `line`, see [a page](page.md).\n\n"
    "- `item`: begins\n  and ends.\n- other\n\nLast.\n\n## Table\n\n| token | meaning "
    "|\n|---|---|\n"
    "| `a` | first |\n| `b` | second |\n";

TEST(MarkdownTest, ASectionEndsBeforeTheNextHeading) {
  EXPECT_EQ(section_of(kPage, "none"), "");
  EXPECT_NE(section_of(kPage, "one").find("Last."), std::string_view::npos);
  EXPECT_EQ(section_of(kPage, "one").find("Table"), std::string_view::npos);
}

TEST(MarkdownTest, ParagraphsAreOneLineEachWithoutLists) {
  EXPECT_EQ(paragraphs_of(section_of(kPage, "one")),
            (Texts{"First line second line, see a page.", "Last."}));
  EXPECT_EQ(paragraphs_of(section_of(kPage, "Table")), Texts{});
}

TEST(MarkdownTest, ItemsAreOneLineEach) {
  EXPECT_EQ(items_of(section_of(kPage, "one")), (Texts{"item: begins and ends.", "other"}));
}

TEST(MarkdownTest, RowsAreFoundByTheirFirstCell) {
  const auto section = section_of(kPage, "Table");
  EXPECT_EQ(row_of(section, "b"), (Texts{"b", "second"}));
  EXPECT_FALSE(row_of(section, "c"));
  EXPECT_EQ(row_names(section), (Texts{"a", "b"}));
}

}  // namespace
}  // namespace connfate::cli

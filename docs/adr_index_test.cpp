// SPDX-License-Identifier: Apache-2.0
// docs/adr/README.md against the pages: each has its row, with its own title, and no row is about
// anything else.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

/// "# 0007: How a connection ended" gives "| [0007](file) | How a connection ended |".
std::string row_of(const fs::path& page) {
  constexpr std::size_t kHash = 2;
  constexpr std::size_t kDigits = 4;
  std::ifstream in(page);
  std::string heading;
  std::getline(in, heading);
  const std::string number = heading.substr(kHash, kDigits);
  const auto title = heading.find_first_not_of(": ", kHash + kDigits);
  EXPECT_TRUE(heading.starts_with("# ") && page.filename().string().starts_with(number + '-'))
      << page << " begins with " << heading;
  return "| [" + number + "](" + page.filename().string() + ") | " + heading.substr(title) + " |";
}

std::vector<std::string> rows_of_pages() {
  std::vector<std::string> rows;
  for (const auto& entry : fs::directory_iterator(CONNFATE_ADRS)) {
    if (entry.path().filename() != "README.md") rows.push_back(row_of(entry.path()));
  }
  std::ranges::sort(rows);
  return rows;
}

/// Without their last column.
std::vector<std::string> rows_of_index() {
  std::vector<std::string> rows;
  std::ifstream in(fs::path(CONNFATE_ADRS) / "README.md");
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with("| [")) continue;
    rows.push_back(line.substr(0, line.rfind(" |", line.size() - 3) + 2));
  }
  return rows;
}

TEST(AdrIndexTest, HasEveryPageInOrder) {
  EXPECT_EQ(rows_of_index(), rows_of_pages());
}

TEST(AdrIndexTest, NoNumberIsGivenTwice) {
  auto rows = rows_of_pages();
  const auto number = [](const std::string& row) { return row.substr(0, row.find(']')); };
  EXPECT_EQ(std::ranges::adjacent_find(rows, {}, number), rows.end());
}

}  // namespace

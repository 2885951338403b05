// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides rows_of_page(): a table of a page in docs/, for the tests that hold it to the code.

#include <fstream>
#include <string>
#include <utility>
#include <vector>

namespace connfate::witness {

using PageRow = std::pair<std::string, std::string>;

/// "| `name` | meaning |" of each row below `head` and its ruler, up to the end of the table.
inline std::vector<PageRow> rows_of_page(const char* file, const std::string& head) {
  std::vector<PageRow> rows;
  std::ifstream page(file);
  std::string line;
  while (std::getline(page, line) && line != head) {
  }
  std::getline(page, line);
  while (std::getline(page, line) && line.starts_with("| `")) {
    const auto name_end = line.find("` | ");
    rows.emplace_back(line.substr(3, name_end - 3),
                      line.substr(name_end + 4, line.size() - name_end - 4 - 2));
  }
  return rows;
}

}  // namespace connfate::witness

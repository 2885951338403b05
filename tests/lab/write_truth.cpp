// SPDX-License-Identifier: Apache-2.0
// Writes the truth table from the rows that the plays have left:
//   connfate_write_truth <page> <rows>...
#include <fstream>
#include <iostream>

#include "lab/truth_table.hpp"

int main(int argc, char** argv) {
  using namespace connfate::lab;
  try {
    if (argc < 3) throw std::runtime_error("usage: connfate_write_truth <page> <rows>...");
    const auto rows = read_rows({argv + 2, argv + argc});
    if (rows.empty()) throw std::runtime_error("no story was played");
    std::ofstream page(argv[1]);
    if (!(page << to_markdown(load_stories(CONNFATE_STORIES), rows) << std::flush)) {
      throw std::runtime_error(std::string(argv[1]) + ": cannot be written");
    }
    return 0;
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
}

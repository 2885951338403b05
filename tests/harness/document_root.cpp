// SPDX-License-Identifier: Apache-2.0
#include "harness/document_root.hpp"

#include <string>

#include "harness/temporary_directory.hpp"

namespace connfate::harness {
namespace {

void write_zeros(const std::filesystem::path& file, std::uint64_t size) {
  write_file(file, "");
  std::filesystem::resize_file(file, size);
}

}  // namespace

void write_document_root(const std::filesystem::path& directory) {
  std::filesystem::create_directories(directory);
  write_file(directory / "small.txt", std::string(kSmallSize - 1, 's') + "\n");
  write_zeros(directory / "page60k.bin", kPageSize);
  write_zeros(directory / "medium.bin", kMediumSize);
  write_zeros(directory / "64m.bin", kLargeSize);
}

}  // namespace connfate::harness

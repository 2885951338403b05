// SPDX-License-Identifier: Apache-2.0
#include "harness/temporary_directory.hpp"

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <system_error>

namespace connfate::harness {

namespace fs = std::filesystem;

TemporaryDirectory::TemporaryDirectory(std::string_view purpose) {
  std::string name = fs::temp_directory_path() / ("connfate-" + std::string(purpose) + "-XXXXXX");
  if (mkdtemp(name.data()) == nullptr) {
    throw std::system_error(errno, std::system_category(), name);
  }
  path_ = name;
  fs::permissions(path_, fs::perms(0755));
}

TemporaryDirectory::~TemporaryDirectory() {
  if (std::getenv("CONNFATE_KEEP") != nullptr) return;
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

void write_file(const fs::path& file, std::string_view content) {
  std::ofstream stream(file, std::ios::binary);
  stream << content << std::flush;
  if (!stream) throw std::runtime_error("cannot write " + file.string());
}

std::string read_file(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace connfate::harness

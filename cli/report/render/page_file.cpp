// SPDX-License-Identifier: Apache-2.0
#include "cli/report/render/page_file.hpp"

#include <cerrno>
#include <fstream>

namespace connfate::cli::report {
namespace {

namespace fs = std::filesystem;

std::error_code write_directly(const fs::path& file, std::string_view text) {
  errno = 0;
  std::ofstream out(file, std::ios::binary);
  out.write(text.data(), static_cast<std::streamsize>(text.size()));
  out.close();
  if (out) return {};
  return {errno != 0 ? errno : EIO, std::generic_category()};
}

}  // namespace

std::error_code write_page(const fs::path& file, std::string_view text) {
  std::error_code error;
  const fs::file_status status = fs::symlink_status(file, error);
  if (fs::exists(status) && !fs::is_regular_file(status)) return write_directly(file, text);
  const fs::path part = file.string() + ".part";
  error = write_directly(part, text);
  if (!error) fs::rename(part, file, error);
  if (error) {
    std::error_code ignored;
    fs::remove(part, ignored);
  }
  return error;
}

}  // namespace connfate::cli::report

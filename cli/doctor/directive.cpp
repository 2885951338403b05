// SPDX-License-Identifier: Apache-2.0
#include "cli/doctor/directive.hpp"

#include <fmt/format.h>
#include <glob.h>
#include <strings.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <system_error>

namespace connfate::cli {
namespace {

namespace fs = std::filesystem;

bool is_same(std::string_view a, std::string_view b) {
  return a.size() == b.size() && ::strncasecmp(a.data(), b.data(), a.size()) == 0;
}

fs::path below(const Root& root, const fs::path& path) {
  return root / path.relative_path();
}

fs::path without(const Root& root, const fs::path& path) {
  return fs::path("/") / path.lexically_relative(root);
}

std::vector<fs::path> matches_of(const std::string& pattern) {
  glob_t found{};
  const std::unique_ptr<glob_t, decltype(&::globfree)> owner(&found, &::globfree);
  if (::glob(pattern.c_str(), 0, nullptr, &found) != 0) return {};
  return {found.gl_pathv, found.gl_pathv + found.gl_pathc};
}

}  // namespace

bool Configuration::has(std::string_view name, std::string_view argument) const {
  return std::ranges::any_of(directives, [&](const Directive& d) {
    return d.words.size() > 1 && is_same(d.words[0], name) && is_same(d.words[1], argument);
  });
}

std::string Configuration::place(const Directive& directive) const {
  const std::string file =
      directive.file < files.size() ? files[directive.file].string() : std::string("?");
  return directive.line == 0 ? file : fmt::format("{}:{}", file, directive.line);
}

bool Configuration::is_inside(const Directive& directive, std::size_t block) const {
  for (std::size_t at = directive.parent; at != Directive::kTop; at = directives[at].parent) {
    if (at == block) return true;
  }
  return false;
}

void read_into(Configuration& configuration, const Root& root, const fs::path& file,
               const std::function<void(std::string_view)>& parse) {
  constexpr std::size_t kMostFiles = 10'000;  // an include that includes itself
  if (configuration.files.size() >= kMostFiles) return;
  errno = 0;
  std::ifstream in(below(root, file), std::ios::binary);
  const std::string text(std::istreambuf_iterator<char>(in), {});
  if (in.bad() || !in.is_open()) {
    configuration.unread.push_back(
        fmt::format("{}: {}", file.string(), std::strerror(errno == 0 ? EIO : errno)));
    return;
  }
  configuration.files.push_back(file);
  parse(text);
}

std::vector<fs::path> expand(const Root& root, const fs::path& pattern) {
  std::vector<fs::path> files;
  for (const fs::path& match : matches_of(below(root, pattern).string())) {
    std::error_code ignored;
    if (!fs::is_directory(match, ignored)) {
      files.push_back(without(root, match));
      continue;
    }
    for (const auto& entry : fs::directory_iterator(match, ignored)) {
      files.push_back(without(root, entry.path()));
    }
  }
  std::ranges::sort(files);
  return files;
}

}  // namespace connfate::cli

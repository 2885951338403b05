// SPDX-License-Identifier: Apache-2.0
#include "cli/doctor/host.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

namespace connfate::cli {

namespace fs = std::filesystem;

fs::path Host::operator/(std::string_view path) const {
  return directory_.path() / fs::path(path).relative_path();
}

DoctorOptions Host::options() const {
  DoctorOptions options;
  options.root = directory_.path();
  return options;
}

void Host::write(std::string_view path, std::string_view content) const {
  const fs::path file = *this / path;
  fs::create_directories(file.parent_path());
  harness::write_file(file, content);
}

bool Host::install(std::string_view program) const {
  const fs::path real(program);
  if (!fs::exists(real)) return false;
  const fs::path link = *this / program;
  fs::create_directories(link.parent_path());
  fs::create_symlink(real, link);
  return true;
}

bool Host::install_module(std::string_view module, std::string_view path, std::string_view from,
                          std::string_view to) const {
  const std::string built =
      module == "nginx" ? CONNFATE_FILE_OF_ngx_http_connfate_module : CONNFATE_FILE_OF_mod_connfate;
  if (built.empty() || !fs::exists(built)) return false;
  std::string content = harness::read_file(built);
  if (!from.empty()) {
    const auto at = content.find(from);
    if (at == content.npos) throw std::runtime_error("the module does not hold what to replace");
    content.replace(at, from.size(), to);
  }
  write(path, content);
  return true;
}

std::string lines_of(const Findings& findings) {
  std::string lines;
  for (const Finding& finding : findings) {
    lines += std::string(to_token(finding.level)) + " " + finding.about + ": " + finding.text;
    if (!finding.mend.empty()) lines += " -> " + finding.mend;
    lines += '\n';
  }
  return lines;
}

Findings about(const Findings& findings, std::string_view what) {
  Findings some;
  std::ranges::copy_if(findings, std::back_inserter(some),
                       [what](const Finding& finding) { return finding.about == what; });
  return some;
}

void expect_remedies(const Findings& findings) {
  for (const Finding& finding : findings) {
    EXPECT_EQ(finding.mend.empty(), finding.level == Level::kOk) << lines_of({finding});
    EXPECT_FALSE(finding.text.empty());
  }
}

}  // namespace connfate::cli
